// A sample of the legend. Decoration for those who see it; its label stands beside it.
import { useEffect, useRef } from 'preact/hooks';
import { drawSwatch, type SwatchSubject } from '../map/legend-swatch';

export function Swatch({ subject }: { subject: SwatchSubject }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawSwatch(canvas.current, subject);
  }, [JSON.stringify(subject)]);
  return <canvas ref={canvas} class="swatch" aria-hidden="true" />;
}
