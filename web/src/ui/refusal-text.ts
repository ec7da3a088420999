// Why the register did not do what was asked, in the reader's language where the reason is a known one.
import { Refusal } from '../api/ask';
import { duration } from '../i18n/quantity';
import { t, type TextKey } from '../i18n/text';

const KNOWN: Record<string, TextKey> = {
  'author-is-approver': 'refused.author-is-approver',
  'author-is-verifier': 'refused.author-is-verifier',
  'remaining-area': 'refused.remaining-area',
  'reason-needed': 'edit.reason_missing',
  'sign-in-needed': 'refused.sign-in-needed',
  'idempotency-key-reused': 'refused.key-reused',
};

export function refusalText(problem: unknown): string {
  if (!(problem instanceof Refusal)) return t('refused.no_answer');
  if (problem.retryAfterS !== null) return t('refused.wait', { time: duration(problem.retryAfterS) });
  const detail = problem.problem.detail ?? problem.problem.title ?? t('refused.status', { status: problem.status });
  const known = KNOWN[problem.kind] ?? statusText(problem.status);
  return known ? `${t(known)} ${detail}` : detail;
}

function statusText(status: number): TextKey | undefined {
  if (status === 403) return 'refused.forbidden';
  if (status === 409) return 'refused.overtaken';
  return status >= 500 ? 'refused.failed' : undefined;
}
