// Coordinates typed one a line, in any notation that the register reads.
import { counted, t } from '../../i18n/text';
import { change, draft, type Typed } from '../../state/draft';
import { POSITIONS_MIN, shapeOf } from '../../state/geometry';
import type { PlaceInputProps } from './place-section';
import { ReadLines } from './read-lines';
import { useUnused } from './unused-input';
import { enteredLines, settled, useReadings } from './use-readings';

const NOTHING: Typed = { text: '', crs: '', isUsed: false };

export function TypedInput({ kind, onPlace }: PlaceInputProps) {
  const { text, crs, isUsed } = draft.value?.typed ?? NOTHING;
  const readings = useReadings();
  const write = (part: Partial<Typed>) => (change({ typed: { text, crs, ...part, isUsed: false } }), readings.forget());
  useUnused('typed', text.trim() !== '' && !isUsed);
  const chosen = settled(readings.lines);
  const shape = chosen && shapeOf(kind, chosen.map(({ lon, lat }) => [lon, lat]));
  const isTooMany = kind === 'point' && (chosen?.length ?? 0) > 1;
  return (
    <div class="typed" data-testid="typed">
      <label for="typed-lines">{t('coordinates.lines')}</label>
      <textarea id="typed-lines" rows={5} spellcheck={false} value={text} onInput={(event) => write({ text: event.currentTarget.value })} />
      <label for="typed-crs">{t('coordinates.crs')}</label>
      <input id="typed-crs" type="text" value={crs} placeholder="EPSG:5562, SK-42 zone 6" onInput={(event) => write({ crs: event.currentTarget.value })} />
      <button type="button" class="small-button" onClick={() => void readings.read(text, crs)}>
        {t('coordinates.read')}
      </button>
      <ReadLines readings={readings} name="typed" />
      {chosen && !shape && <p class="note">{counted('coordinates.too_few', POSITIONS_MIN[kind])}</p>}
      {isTooMany && <p class="note">{t('coordinates.too_many')}</p>}
      {shape && !isTooMany && (
        <button type="button" class="small-button" data-testid="typed-use" onClick={() => (change({ typed: { text, crs, isUsed: true } }), onPlace(shape, enteredLines(readings.lines, crs)))}>
          {t('coordinates.use')}
        </button>
      )}
    </div>
  );
}
