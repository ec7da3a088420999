// Where the record lies: drawn on the map, typed as coordinates, or walked as a traverse from a known point.
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import type { Finding, Geometry, Properties } from '../../api/types';
import { t, type TextKey } from '../../i18n/text';
import { boxOfGeometry } from '../../map/geometry-box';
import { changePlace, draft } from '../../state/draft';
import { drawing, type DrawnKind } from '../../state/drawing';
import { kindOf, kindsFor } from '../../state/geometry';
import { wantedMove } from '../../state/viewport';
import { DrawInput } from './draw-input';
import { FieldFindings } from './field-row';
import { shapeText } from './shape-text';
import { TraverseInput } from './traverse-input';
import { TypedInput } from './typed-input';

type Way = 'draw' | 'type' | 'traverse';
const WAYS: [Way, TextKey, ComponentType<PlaceInputProps>][] = [
  ['draw', 'place_input.draw', DrawInput],
  ['type', 'place_input.type', TypedInput],
  ['traverse', 'place_input.traverse', TraverseInput],
];
export const KIND_KEYS: Record<DrawnKind, TextKey> = { point: 'place_input.point', line: 'place_input.line', polygon: 'place_input.polygon' };

export interface PlaceInputProps {
  kind: DrawnKind;
  onPlace: (geometry: Geometry, entered: Properties) => void;
}

/** `hasOffset`: the place may also follow from where somebody stood, and the bearing and distance from there. */
export function PlaceSection({ types, hasOffset, findings }: { types: string[]; hasOffset: boolean; findings: Finding[] }) {
  const kinds = kindsFor(types);
  const geometry = draft.value?.geometry ?? null;
  const [way, setWay] = useState<Way>('draw');
  const [kind, setKind] = useState<DrawnKind>((geometry && kindOf(geometry)) ?? kinds[0] ?? 'point');
  return (
    <fieldset class={findings.length ? 'field place-input is-refused' : 'field place-input'} data-field="geometry">
      <legend>{t('place_input.title')}</legend>
      {hasOffset && <p class="field-note">{t('place_input.offset')}</p>}
      <Present geometry={geometry} />
      {kinds.length > 1 && (
        <div class="choices" role="radiogroup" aria-label={t('place_input.kind')}>
          {kinds.map((one) => (
            <label key={one}>
              <input type="radio" name="shape-kind" checked={one === kind} disabled={drawing.value !== null} onChange={() => setKind(one)} />
              {t(KIND_KEYS[one])}
            </label>
          ))}
        </div>
      )}
      <div class="tabs" role="group" aria-label={t('place_input.way')}>
        {WAYS.map(([one, key]) => (
          <button type="button" key={one} aria-pressed={one === way} disabled={drawing.value !== null} onClick={() => setWay(one)}>
            {t(key)}
          </button>
        ))}
      </div>
      {/* All stay on the page: what was typed in one is still there after a look at another. */}
      {WAYS.map(([one, , Input]) => (
        <div key={one} hidden={one !== way}>
          <Input kind={kind} onPlace={changePlace} />
        </div>
      ))}
      <FieldFindings findings={findings} id="findings-geometry" />
    </fieldset>
  );
}

function Present({ geometry }: { geometry: Geometry | null }) {
  const box = boxOfGeometry(geometry);
  return (
    <p class="actions">
      <span>{geometry ? shapeText(geometry) : t('place_input.none')}</span>
      {box && (
        <button type="button" class="small-button" onClick={() => (wantedMove.value = { kind: 'fit', box })}>
          {t('record.zoom')}
        </button>
      )}
      {geometry && (
        <button type="button" class="small-button" disabled={drawing.value !== null} onClick={() => changePlace(null, { notation: 'removed' })}>
          {t('place_input.remove')}
        </button>
      )}
    </p>
  );
}
