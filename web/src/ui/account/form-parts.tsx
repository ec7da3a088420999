// What the forms about accounts share: fields with labels, a request under way, and why it was refused.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { problemText } from './problem-text';
import './account.css';

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'password' | 'date' | 'number' | 'search';
  hint?: string | undefined;
  /** What a browser or a keeper of passwords may fill in. */
  autoComplete?: string;
  min?: string;
  max?: string;
  testId?: string;
}

export function TextField({ label, value, onChange, type = 'text', hint, autoComplete = 'off', min, max, testId }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type={type as 'text'}
        value={value}
        autocomplete={autoComplete}
        aria-describedby={hint ? `${id}-hint` : undefined}
        data-testid={testId}
        min={min}
        max={max}
        step={type === 'number' ? 'any' : undefined}
        spellcheck={false}
        autocapitalize="none"
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {hint && (
        <small id={`${id}-hint`} class="field-note">
          {hint}
        </small>
      )}
    </div>
  );
}

export function ChoiceField<T extends string>({ label, value, options, onChange, testId }: { label: string; value: T; options: [T, string][]; onChange: (value: T) => void; testId?: string }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} data-testid={testId} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {options.map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function CheckField({ label, checked, onChange }: { label: string; checked: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label class="choice">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

export interface Sending {
  isBusy: boolean;
  problem: string;
  refuse: (text: string) => void;
  /** Answers whether it was done; otherwise the problem says why not. */
  run: (work: () => Promise<void>) => Promise<boolean>;
}

export function useSending(): Sending {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    try {
      await work();
      return true;
    } catch (refusal) {
      setProblem(problemText(refusal));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, refuse: setProblem, run };
}

interface FormProps {
  sending: Sending;
  button: string;
  testId: string;
  onSubmit: () => void;
  onCancel?: { label: string; run: () => void } | undefined;
  children: ComponentChildren;
}

export function Form({ sending, button, testId, onSubmit, onCancel, children }: FormProps) {
  const submit = (event: Event) => {
    event.preventDefault();
    if (!sending.isBusy) onSubmit();
  };
  return (
    <form class="edit account-form" data-testid={testId} noValidate onSubmit={submit}>
      {children}
      <Problem text={sending.problem} />
      <p class="actions">
        <button type="submit" class="button is-main" disabled={sending.isBusy}>
          {button}
        </button>
        {onCancel && (
          <button type="button" class="button" onClick={onCancel.run}>
            {onCancel.label}
          </button>
        )}
      </p>
    </form>
  );
}

// Stays on the page, so that what comes to stand in it is read out.
export function Problem({ text }: { text: string }) {
  return <div role="alert">{text && <p class="problem">{text}</p>}</div>;
}
