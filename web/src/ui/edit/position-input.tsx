// A single position inside a record, typed in any notation that the register reads.
import { useState } from 'preact/hooks';
import { position } from '../../i18n/quantity';
import { t } from '../../i18n/text';
import { positionOf } from '../../state/geometry';
import type { FieldProps } from './field-row';
import { labelOf } from '../value-text';
import { ReadLines } from './read-lines';
import { settled, useReadings } from './use-readings';

export function PositionInput({ words, value, onChange, path }: FieldProps) {
  const [text, setText] = useState('');
  const readings = useReadings();
  const known = positionOf(value);
  const chosen = settled(readings.lines)?.[0];
  const use = () => {
    if (!chosen) return;
    onChange([chosen.lon, chosen.lat]);
    setText('');
    readings.forget();
  };
  return (
    <div class="position">
      {known && (
        <p>
          {position(...known)}{' '}
          <button type="button" class="small-button" onClick={() => onChange(undefined)}>
            {t('edit.remove')}
          </button>
        </p>
      )}
      <div class="read-one">
        <input
          id={`input-${path}`}
          type="text"
          value={text}
          aria-label={t('coordinates.of', { field: labelOf(words.name, words) })}
          placeholder="49.04 30.70"
          onInput={(event) => (setText(event.currentTarget.value), readings.forget())}
        />
        <button type="button" class="small-button" onClick={() => void readings.read(text, '')}>
          {t('coordinates.read')}
        </button>
      </div>
      <ReadLines readings={readings} name={path} />
      {chosen && (
        <button type="button" class="small-button" onClick={use}>
          {t('coordinates.use_one')}
        </button>
      )}
    </div>
  );
}
