// Names another record. Records in view, or of a list without places, are offered by name; any identifier may be typed.
import { fetchInBox, fetchListed } from '../../api/register';
import type { FieldWords, RecordFeature } from '../../api/types';
import { t } from '../../i18n/text';
import { revision } from '../../state/register';
import { boxInView } from '../../state/viewport';
import { nameOf } from '../record-row';
import { ReferenceLink } from '../reference-link';
import { useAnswer } from '../use-answer';
import { hasPlace } from '../value-text';
import { describedBy, type FieldProps } from './field-row';

export function ReferenceInput(props: FieldProps) {
  const { words, value, onChange, path } = props;
  const id = typeof value === 'string' ? value : '';
  return (
    <>
      <IdInput path={path} words={words} value={id} describedBy={describedBy(props)} onChange={(text) => onChange(text || undefined)} />
      <Offers path={path} words={words} />
    </>
  );
}

export function ReferencesInput({ words, value, onChange, path }: FieldProps) {
  const ids = Array.isArray(value) ? value.map(String) : [];
  const put = (next: string[]) => onChange(next.length ? next : undefined);
  return (
    <>
      {ids.map((id, i) => (
        <div class="reference" key={i}>
          <IdInput path={path} words={words} value={id} index={i} onChange={(text) => put(ids.map((other, j) => (j === i ? text : other)))} />
          <button type="button" class="small-button" aria-label={t('edit.remove_entry', { entry: id || String(i + 1) })} onClick={() => put(ids.filter((_, j) => j !== i))}>
            {t('edit.remove')}
          </button>
        </div>
      ))}
      <Offers path={path} words={words} />
      <button type="button" class="small-button" onClick={() => put([...ids, ''])}>
        {t('edit.add')}
      </button>
    </>
  );
}

interface IdProps {
  path: string;
  words: FieldWords;
  value: string;
  index?: number;
  describedBy?: string | undefined;
  onChange: (text: string) => void;
}

function IdInput({ path, words, value, index, describedBy: description, onChange }: IdProps) {
  const id = index === undefined ? `input-${path}` : `input-${path}-${index}`;
  return (
    <div class="reference-id">
      <input
        id={id}
        type="text"
        list={`offers-${path}`}
        value={value}
        aria-describedby={description}
        aria-label={index === undefined ? undefined : t('edit.identifier', { n: index + 1 })}
        placeholder={t('edit.identifier_hint')}
        onInput={(event) => onChange(event.currentTarget.value.trim())}
      />
      {value && words.refers_to && (
        <small class="field-note">
          <ReferenceLink collection={words.refers_to} id={value} />
        </small>
      )}
    </div>
  );
}

function Offers({ path, words }: { path: string; words: FieldWords }) {
  const collection = words.refers_to ?? '';
  const box = boxInView.value;
  const ask = async (): Promise<RecordFeature[]> => {
    if (!collection) return [];
    return (hasPlace(collection) && box ? await fetchInBox(collection, box, null) : await fetchListed(collection, null)).features;
  };
  const answer = useAnswer(ask, [collection, box?.join(), revision.value]);
  const features = answer.state === 'answered' ? answer.value : [];
  return (
    <datalist id={`offers-${path}`}>
      {features.map((record) => (
        <option key={record.id} value={record.id}>
          {nameOf(record) ?? record.id}
        </option>
      ))}
    </datalist>
  );
}
