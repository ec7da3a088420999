// Checks and saves the work, and tells apart what may come of it.
import { useState } from 'preact/hooks';
import { Refusal } from '../../api/ask';
import type { Finding, RecordFeature, SaveAnswer } from '../../api/types';
import { check, save } from '../../api/write';
import { discardDraft, draft, keyFor, rebased, requestOf } from '../../state/draft';
import { me } from '../../state/session';
import { ask } from '../../state/register';
import { refusalText } from '../refusal-text';
import { unusedInputs } from './unused-input';

export type SavingState =
  | { kind: 'idle' }
  | { kind: 'sending' }
  | { kind: 'checked'; answer: SaveAnswer; findings: Finding[] }
  | { kind: 'refused'; findings: Finding[]; text: string }
  | { kind: 'conflict'; current: RecordFeature }
  | { kind: 'failed'; text: string }
  | { kind: 'no-reason' }
  | { kind: 'unused' }
  | { kind: 'done' };

export interface Saving {
  state: SavingState;
  check(): Promise<void>;
  save(): Promise<void>;
  goOn(): void;
}

/** `onNews` is called when there is something to read above the form. */
export function useSaving(onNews: () => void): Saving {
  const [state, setState] = useState<SavingState>({ kind: 'idle' });
  const settle = (next: SavingState) => {
    setState(next);
    requestAnimationFrame(onNews);
  };
  return {
    state,
    async check() {
      const work = draft.value;
      if (!work) return;
      setState({ kind: 'sending' });
      settle(await checked(() => check(requestOf(work))));
    },
    async save() {
      const work = draft.value;
      if (!work || state.kind === 'sending') return;
      if (unusedInputs.value.length > 0) return settle({ kind: 'unused' });
      if (work.id !== null && !work.reason.trim()) return settle({ kind: 'no-reason' });
      setState({ kind: 'sending' });
      const next = await saved(() => save({ ...requestOf(work), key: keyFor(work, me.value?.id ?? null) }));
      settle(next);
      if (next.kind === 'done') void ask();
    },
    goOn() {
      if (state.kind === 'conflict' && draft.value) draft.value = rebased(draft.value, state.current);
      setState({ kind: 'idle' });
    },
  };
}

async function checked(question: () => Promise<SaveAnswer>): Promise<SavingState> {
  try {
    const answer = await question();
    return { kind: 'checked', answer, findings: answer.findings };
  } catch (problem) {
    return stateOf(problem);
  }
}

async function saved(request: () => Promise<SaveAnswer>): Promise<SavingState> {
  try {
    const answer = await request();
    discardDraft(answer);
    return { kind: 'done' };
  } catch (problem) {
    return stateOf(problem);
  }
}

function stateOf(problem: unknown): SavingState {
  if (!(problem instanceof Refusal)) return { kind: 'failed', text: refusalText(problem) };
  const { findings, current } = problem.problem;
  if (problem.status === 412 && current) return { kind: 'conflict', current };
  if (findings) return { kind: 'refused', findings, text: refusalText(problem) };
  return { kind: 'failed', text: refusalText(problem) };
}
