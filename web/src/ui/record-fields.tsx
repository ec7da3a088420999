// Fields of a record in the words of the vocabulary; what the vocabulary does not know is shown under its raw name.
import type { ComponentChildren } from 'preact';
import type { FieldWords, Properties, Value } from '../api/types';
import { position } from '../i18n/quantity';
import { t } from '../i18n/text';
import { positionOf } from '../state/geometry';
import { isStructure } from '../state/merge-patch';
import { vocabulary } from '../state/register';
import { wantedMove } from '../state/viewport';
import { ReferenceLink } from './reference-link';
import { isEmpty, labelOf, memberOf, memberText, valueText, wordsOf } from './value-text';

export type Field = [name: string, value: Value];

// Shown elsewhere in the panel.
const ELSEWHERE = ['name', 'findings', 'as_entered', 'attributes', 'collection', 'complete', 'missing', 'public_form', 'cell_m'];

/** Every field with a value: those of the vocabulary in its order, then all others. None is left out. */
export function fieldsOf(collection: string, properties: Properties): Field[] {
  const known = vocabulary.value?.collections[collection]?.fields.map((f) => f.name) ?? [];
  const names = [...known.filter((name) => name in properties), ...Object.keys(properties).filter((name) => !known.includes(name))];
  return names.filter((name) => !ELSEWHERE.includes(name) && !isEmpty(properties[name])).map((name) => [name, properties[name] as Value]);
}

export function FieldList({ collection, fields }: { collection: string; fields: Field[] }) {
  return (
    <dl class="fields">
      {fields.map(([name, value]) => (
        <Row key={name} label={name && labelOf(name, wordsOf(collection, name))}>
          <ValueView name={name} value={value} words={wordsOf(collection, name)} />
          {NOTES[name]?.()}
        </Row>
      ))}
    </dl>
  );
}

// A design figure must never be read as a date from which the ground may be entered.
const NOTES: Record<string, (() => ComponentChildren) | undefined> = {
  self_deactivates_on: () => <small class="field-note">{t('record.design_figure')}</small>,
};

function Row({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div>
      {label && <dt>{label}</dt>}
      <dd>{children}</dd>
    </div>
  );
}

function ValueView({ name, value, words }: { name: string; value: Value; words: FieldWords | undefined }) {
  const references = words?.refers_to ? [value].flat().filter((id): id is string => typeof id === 'string') : [];
  if (words?.refers_to && references.length) return <References ids={references} collection={words.refers_to} />;
  const place = words?.kind === 'structures' ? null : positionOf(value);
  if (place) return <PlaceValue lon={place[0]} lat={place[1]} more={isStructure(value) ? value : {}} words={words} />;
  if (isStructure(value)) return <Structure value={value} words={words} />;
  if (Array.isArray(value) && value.some(isStructure)) return <Structures name={name} values={value} words={words} />;
  return <>{valueText(name, value, words)}</>;
}

function References({ ids, collection }: { ids: string[]; collection: string }) {
  return (
    <ul>
      {ids.map((id) => (
        <li key={id}>
          <ReferenceLink collection={collection} id={id} />
        </li>
      ))}
    </ul>
  );
}

/** A position, with whatever is said beside it. */
function PlaceValue({ lon, lat, more, words }: { lon: number; lat: number; more: Properties; words: FieldWords | undefined }) {
  const { lon: _lon, lat: _lat, coordinates: _coordinates, ...rest } = more;
  return (
    <>
      <button type="button" class="link-button" title={t('record.zoom')} onClick={() => (wantedMove.value = { kind: 'to', lon, lat, zoom: 16 })}>
        {position(lon, lat)}
      </button>
      <Structure value={rest} words={words} />
    </>
  );
}

function Structures({ name, values, words }: { name: string; values: Value[]; words: FieldWords | undefined }) {
  return (
    <ol class="structures">
      {values.map((value, i) => (
        <li key={i}>{isStructure(value) ? <Structure value={value} words={words} /> : valueText(name, value, words)}</li>
      ))}
    </ol>
  );
}

function Structure({ value, words }: { value: Properties; words: FieldWords | undefined }) {
  const parts = Object.entries(value).filter(([, part]) => !isEmpty(part));
  if (parts.length === 0) return null;
  return (
    <dl class="structure">
      {parts.map(([name, part]) => {
        const member = memberOf(words, name);
        const isPlain = typeof part === 'string' && !member?.refers_to;
        return (
          <Row key={name} label={labelOf(name, member)}>
            {isPlain ? memberText(name, part, member) : <ValueView name={name} value={part} words={member} />}
          </Row>
        );
      })}
    </dl>
  );
}
