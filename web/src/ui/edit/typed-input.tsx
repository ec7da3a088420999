// Coordinates typed one a line, in any notation that the register reads.
import { useState } from 'preact/hooks';
import { counted, t } from '../../i18n/text';
import { POSITIONS_MIN, shapeOf } from '../../state/geometry';
import type { PlaceInputProps } from './place-section';
import { ReadLines } from './read-lines';
import { enteredLines, settled, useReadings } from './use-readings';

export function TypedInput({ kind, onPlace }: PlaceInputProps) {
  const [text, setText] = useState('');
  const [crs, setCrs] = useState('');
  const readings = useReadings();
  const chosen = settled(readings.lines);
  const shape = chosen && shapeOf(kind, chosen.map(({ lon, lat }) => [lon, lat]));
  const isTooMany = kind === 'point' && (chosen?.length ?? 0) > 1;
  return (
    <div class="typed" data-testid="typed">
      <label for="typed-lines">{t('coordinates.lines')}</label>
      <textarea id="typed-lines" rows={5} spellcheck={false} value={text} onInput={(event) => (setText(event.currentTarget.value), readings.forget())} />
      <label for="typed-crs">{t('coordinates.crs')}</label>
      <input id="typed-crs" type="text" value={crs} placeholder="EPSG:5562" onInput={(event) => (setCrs(event.currentTarget.value), readings.forget())} />
      <button type="button" class="small-button" onClick={() => void readings.read(text, crs)}>
        {t('coordinates.read')}
      </button>
      <ReadLines readings={readings} name="typed" />
      {chosen && !shape && <p class="note">{counted('coordinates.too_few', POSITIONS_MIN[kind])}</p>}
      {isTooMany && <p class="note">{t('coordinates.too_many')}</p>}
      {shape && !isTooMany && (
        <button type="button" class="small-button" data-testid="typed-use" onClick={() => onPlace(shape, enteredLines(readings.lines, crs))}>
          {t('coordinates.use')}
        </button>
      )}
    </div>
  );
}
