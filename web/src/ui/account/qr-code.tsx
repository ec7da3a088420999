// A QR code as an SVG picture; fetched only by those who set up a second factor.
import { generate } from 'lean-qr';
import { t } from '../../i18n/account-text';

// Four modules of white around, by ISO/IEC 18004.
const MARGIN = 4;

export function QrCode({ text }: { text: string }) {
  const code = generate(text);
  const side = code.size + 2 * MARGIN;
  return (
    <svg class="qr-code" viewBox={`${-MARGIN} ${-MARGIN} ${side} ${side}`} role="img" aria-label={t('factor.qr')} shape-rendering="crispEdges">
      <rect x={-MARGIN} y={-MARGIN} width={side} height={side} fill="#ffffff" />
      <path d={pathOf(code)} fill="#000000" />
    </svg>
  );
}

function pathOf(code: { size: number; get(x: number, y: number): boolean }): string {
  const { size } = code;
  const places = Array.from({ length: size * size }, (_, i): [number, number] => [i % size, Math.floor(i / size)]);
  return places.filter(([x, y]) => code.get(x, y)).map(([x, y]) => `M${x} ${y}h1v1h-1z`).join('');
}
