// A single position inside a record, typed in any notation that the register reads.
import { useState } from 'preact/hooks';
import { position } from '../../i18n/quantity';
import { t } from '../../i18n/text';
import type { Properties, Value } from '../../api/types';
import { positionOf, type Position } from '../../state/geometry';
import { isStructure } from '../../state/merge-patch';
import type { FieldProps } from './field-row';
import { labelOf } from '../value-text';
import { ReadLines } from './read-lines';
import { useUnused } from './unused-input';
import { settled, useReadings } from './use-readings';

export function PositionInput({ words, value, onChange, path }: FieldProps) {
  const [text, setText] = useState('');
  const readings = useReadings();
  useUnused(path, text.trim() !== '');
  const known = positionOf(value);
  const { lon: _lon, lat: _lat, ...more } = isStructure(value) ? value : {};
  const chosen = settled(readings.lines)?.[0];
  const use = () => {
    if (!chosen) return;
    onChange({ ...more, lon: chosen.lon, lat: chosen.lat });
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
      {known && <Description value={more['description']} path={path} onChange={(description) => onChange(described(known, more, description))} />}
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

// How the place is found on the ground: a position may carry that beside its numbers.
function Description({ value, path, onChange }: { value: Value | undefined; path: string; onChange: (text: string) => void }) {
  return (
    <label for={`input-${path}-description`}>
      {labelOf('description', undefined)}
      <input id={`input-${path}-description`} type="text" value={typeof value === 'string' ? value : ''} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}

function described([lon, lat]: Position, { description: _before, ...more }: Properties, description: string): Properties {
  return { ...more, lon, lat, ...(description ? { description } : {}) };
}
