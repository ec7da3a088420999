// Waits for an answer of the register and tells its three states apart: not yet, answered, failed.
import { useEffect, useState } from 'preact/hooks';

export type Answer<T> = { state: 'waiting' } | { state: 'answered'; value: T } | { state: 'failed'; problem: unknown };

/** Asks again whenever one of `about` changes; an answer to an earlier question is dropped. */
export function useAnswer<T>(question: () => Promise<T>, about: unknown[]): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'waiting' });
  useEffect(() => {
    let isCurrent = true;
    setAnswer({ state: 'waiting' });
    question().then(
      (value) => isCurrent && setAnswer({ state: 'answered', value }),
      (problem: unknown) => isCurrent && setAnswer({ state: 'failed', problem }),
    );
    return () => void (isCurrent = false);
  }, about);
  return answer;
}
