// The input for a value of each kind that the vocabulary knows.
import type { Value } from '../../api/types';
import { t } from '../../i18n/text';
import { vocabulary } from '../../state/register';
import { session } from '../../state/session';
import { codeText, inWords, meaningOf, valueText } from '../value-text';
import { describedBy, type FieldProps } from './field-row';
import { PositionInput } from './position-input';
import { ReferenceInput, ReferencesInput } from './reference-input';
import { StructureInput, StructuresInput } from './structure-input';

export function FieldInput(props: FieldProps) {
  const { words } = props;
  if (words.name === 'organisation' && props.path === 'organisation' && session.value?.organisations) return <OrganisationInput {...props} codes={session.value.organisations} />;
  if (words.kind === 'code') return <CodeInput {...props} />;
  if (words.kind === 'codes') return <CodesInput {...props} />;
  if (words.kind === 'number' || words.kind === 'count') return <NumberInput {...props} />;
  if (words.kind === 'truth') return <TruthInput {...props} />;
  if (words.kind === 'texts') return <TextsInput {...props} />;
  if (words.kind === 'position') return <PositionInput {...props} />;
  if (words.kind === 'reference') return <ReferenceInput {...props} />;
  if (words.kind === 'references') return <ReferencesInput {...props} />;
  if (words.kind === 'structure' && words.members?.length) return <StructureInput {...props} />;
  if (words.kind === 'structures' && words.members?.length) return <StructuresInput {...props} />;
  if (words.kind === 'structure' || words.kind === 'structures') return <NotHere {...props} />;
  return <TextInput {...props} />;
}

/** What every single input carries. */
function common(props: FieldProps) {
  const isRefused = props.findings.some(({ refuses }) => refuses);
  return {
    id: `input-${props.path}`,
    'aria-describedby': describedBy(props),
    'aria-required': props.words.required ? (true as const) : undefined,
    'aria-invalid': isRefused ? (true as const) : undefined,
  };
}

// Somebody who may write for some organisations chooses among them. What a record already says is not lost.
function OrganisationInput({ codes, ...props }: FieldProps & { codes: string[] }) {
  const code = typeof props.value === 'string' ? props.value : '';
  const offered = code && !codes.includes(code) ? [...codes, code] : codes;
  return (
    <select {...common(props)} value={code} onChange={(event) => props.onChange(event.currentTarget.value || undefined)}>
      <option value="">{t('edit.no_organisation')}</option>
      {offered.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}

const LONG_TEXTS = /(^|_)(description|note|reason|circumstances|conditions?)$/;

function TextInput(props: FieldProps) {
  const { words, value, onChange } = props;
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
  const take = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value);
  if (words.kind === 'date') return <input {...common(props)} type="date" value={text} onInput={take} />;
  if (LONG_TEXTS.test(words.name)) return <textarea {...common(props)} rows={3} value={text} onInput={take} />;
  return <input {...common(props)} type="text" value={text} onInput={take} />;
}

function NumberInput(props: FieldProps) {
  const { words, value, onChange } = props;
  const take = (text: string) => onChange(text === '' ? undefined : Number(text));
  return (
    <input
      {...common(props)}
      type="number"
      inputMode={words.kind === 'count' ? 'numeric' : 'decimal'}
      step={words.kind === 'count' ? '1' : 'any'}
      min={words.range?.[0] ?? (words.kind === 'count' ? 0 : undefined)}
      max={words.range?.[1]}
      value={typeof value === 'number' ? String(value) : ''}
      onInput={(event) => take(event.currentTarget.value)}
    />
  );
}

function codesOf({ words }: FieldProps): string[] {
  return Object.keys(vocabulary.value?.codes[words.codes ?? words.name] ?? {});
}

function CodeInput(props: FieldProps) {
  const { words, value, onChange } = props;
  const list = words.codes ?? words.name;
  const code = typeof value === 'string' ? value : '';
  // A code that the list does not hold is kept until somebody chooses another.
  const codes = codesOf(props);
  const offered = code && !codes.includes(code) ? [...codes, code] : codes;
  return (
    <>
      <select {...common(props)} value={code} onChange={(event) => onChange(event.currentTarget.value || undefined)}>
        <option value="">{t('edit.not_stated')}</option>
        {offered.map((one) => (
          <option key={one} value={one}>
            {codeText(one, list) ?? one}
          </option>
        ))}
      </select>
      {code && meaningOf(code, list) && <small class="field-note">{meaningOf(code, list)}</small>}
    </>
  );
}

function CodesInput(props: FieldProps) {
  const { words, value, onChange, path } = props;
  const chosen = Array.isArray(value) ? value.filter((code): code is string => typeof code === 'string') : [];
  const codes = [...new Set([...codesOf(props), ...chosen])];
  const list = words.codes ?? words.name;
  const toggle = (code: string, isOn: boolean) => {
    const next = isOn ? [...chosen, code] : chosen.filter((other) => other !== code);
    onChange(next.length ? next : undefined);
  };
  return (
    <div class="choices">
      {codes.map((code) => (
        <label key={code} title={meaningOf(code, list)}>
          <input type="checkbox" name={path} checked={chosen.includes(code)} onChange={(event) => toggle(code, event.currentTarget.checked)} />
          {codeText(code, list) ?? code}
        </label>
      ))}
    </div>
  );
}

function TruthInput(props: FieldProps) {
  const { value, onChange } = props;
  const read: Record<string, Value | undefined> = { yes: true, no: false };
  return (
    <select {...common(props)} value={value === true ? 'yes' : value === false ? 'no' : ''} onChange={(event) => onChange(read[event.currentTarget.value])}>
      <option value="">{t('edit.not_stated')}</option>
      <option value="yes">{t('record.yes')}</option>
      <option value="no">{t('record.no')}</option>
    </select>
  );
}

function TextsInput(props: FieldProps) {
  const lines = Array.isArray(props.value) ? props.value.map(String).join('\n') : '';
  const take = (text: string) => props.onChange(text === '' ? undefined : text.split('\n'));
  return (
    <>
      <textarea {...common(props)} rows={3} value={lines} onInput={(event) => take(event.currentTarget.value)} />
      <small class="field-note">{t('edit.one_a_line')}</small>
    </>
  );
}

// A structure that the vocabulary does not describe is kept as it is rather than offered as something else.
function NotHere({ words, value }: FieldProps) {
  return (
    <p class="field-note">
      {value === undefined ? inWords(words.label) : valueText(words.name, value, words)} {t('edit.not_here')}
    </p>
  );
}
