// What came of checking and saving, above the form or in its place.
import type { FieldWords, Finding, SaveAnswer } from '../../api/types';
import { counted, t, type TextKey } from '../../i18n/text';
import { openRecord } from '../../state/panel';
import { effectText } from '../proposal-card';
import { FindingText } from '../record-findings';
import { fieldOf } from './finding-place';
import type { SavingState } from './use-saving';

export function Summary({ state, collection, fields }: { state: SavingState; collection: string; fields: FieldWords[] }) {
  if (state.kind === 'sending') return <p role="status">{t('edit.sending')}</p>;
  if (state.kind === 'no-reason') return <p role="alert" class="problem">{t('edit.reason_missing')}</p>;
  if (state.kind === 'unused') return <p role="alert" class="problem">{t('edit.unused')}</p>;
  if (state.kind === 'failed') return <p role="alert" class="problem">{t('edit.not_saved')} {state.text}</p>;
  if (state.kind === 'refused') {
    return (
      <div role="alert" class="problem">
        <p>{counted('edit.refused', state.findings.length)}</p>
        <Findings findings={state.findings} collection={collection} fields={fields} />
      </div>
    );
  }
  if (state.kind === 'checked') return <Checked state={state} collection={collection} fields={fields} />;
  return null;
}

function Checked({ state, collection, fields }: { state: Extract<SavingState, { kind: 'checked' }>; collection: string; fields: FieldWords[] }) {
  const { effects, findings } = state.answer;
  const isProposal = effects.length > 0;
  return (
    <div role="status" class="note-box" data-testid="checked">
      <p>{t('edit.checked')}</p>
      {isProposal && <p>{t('edit.would_propose', { effects: effects.map(effectText).join(', ') })}</p>}
      {findings.length > 0 && <p>{counted('edit.findings', findings.length)}</p>}
      <Findings findings={findings} collection={collection} fields={fields} />
    </div>
  );
}

// A finding of a field stands there too, but the list above must be whole: it is what is read first.
function Findings({ findings, collection, fields }: { findings: Finding[]; collection: string; fields: FieldWords[] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li key={finding.rule + (finding.field ?? '') + finding.message} class={`is-${finding.severity}`}>
          <FindingText collection={collection} finding={finding} />
          <ToField name={fieldOf(finding)} fields={fields} />
        </li>
      ))}
    </ul>
  );
}

function ToField({ name, fields }: { name: string | null; fields: FieldWords[] }) {
  if (!name || (name !== 'geometry' && !fields.some((field) => field.name === name))) return null;
  const go = () => {
    const field = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
    field?.scrollIntoView({ block: 'start' });
    field?.querySelector<HTMLElement>('input, select, textarea, button')?.focus({ preventScroll: true });
  };
  return (
    <button type="button" class="link-button" onClick={go}>
      {t('edit.to_field')}
    </button>
  );
}

const DONE: Partial<Record<SaveAnswer['outcome'], TextKey>> = {
  created: 'edit.created',
  changed: 'edit.changed',
  unchanged: 'edit.unchanged',
  proposed: 'edit.proposed',
};

export function Outcome({ answer }: { answer: SaveAnswer }) {
  const { outcome, effects, proposal, collection, id } = answer;
  return (
    <div role="status" data-testid="outcome" data-outcome={outcome}>
      <p class="warning">{t(DONE[outcome] ?? 'edit.changed')}</p>
      {outcome === 'created' && proposal !== null && <p class="warning">{t('edit.created_with_proposal')}</p>}
      {effects.length > 0 && <p>{effects.map(effectText).join(', ')}</p>}
      <button type="button" class="button" onClick={() => openRecord(collection, id)}>
        {t('edit.open_record')}
      </button>
    </div>
  );
}
