// One field of a form: label, unit, help, input, and what the register found about it.
import type { FieldWords, Finding, Value } from '../../api/types';
import { t } from '../../i18n/text';
import { severityText } from '../record-findings';
import { inWords, labelOf, unitText } from '../value-text';
import { FieldInput } from './field-input';

export interface FieldProps {
  words: FieldWords;
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
  findings: Finding[];
  /** Names the input in the page; members of structures carry the way to them. */
  path: string;
}

const GROUPS = ['codes', 'structure', 'structures', 'position', 'references'];

/** Ids of what describes an input, for those who hear it. */
export function describedBy({ words, findings, path }: Pick<FieldProps, 'words' | 'findings' | 'path'>): string | undefined {
  const ids = [words.help ? `help-${path}` : '', findings.length ? `findings-${path}` : ''].filter(Boolean);
  return ids.length ? ids.join(' ') : undefined;
}

export function FieldRow(props: FieldProps) {
  const { words, findings, path } = props;
  const isGroup = GROUPS.includes(words.kind ?? '');
  const label = <LabelText words={words} />;
  const rest = (
    <>
      {words.help && <small id={`help-${path}`} class="field-note">{inWords(words.help)}</small>}
      <FieldInput {...props} />
      <FieldFindings findings={findings} id={`findings-${path}`} />
    </>
  );
  const className = findings.some(({ refuses }) => refuses) ? 'field is-refused' : 'field';
  if (isGroup) {
    return (
      <fieldset class={className} data-field={path} aria-describedby={describedBy(props)}>
        <legend>{label}</legend>
        {rest}
      </fieldset>
    );
  }
  return (
    <div class={className} data-field={path}>
      <label for={`input-${path}`}>{label}</label>
      {rest}
    </div>
  );
}

function LabelText({ words }: { words: FieldWords }) {
  return (
    <>
      {labelOf(words.name, words)}
      {words.unit && <span class="unit">, {unitText(words.unit)}</span>}
      {words.required && <span class="required"> {t('edit.required')}</span>}
    </>
  );
}

export function FieldFindings({ findings, id }: { findings: Finding[]; id: string }) {
  if (findings.length === 0) return null;
  return (
    <ul id={id} class="field-findings">
      {findings.map((finding) => (
        <li key={finding.rule + finding.message} class={`is-${finding.severity}`}>
          {finding.refuses ? t('edit.must') : severityText(finding.severity)}: {finding.message}
          {finding.remedy && ` ${inWords(finding.remedy) ?? ''}`}
        </li>
      ))}
    </ul>
  );
}
