// Coordinates that were typed but not taken into the record yet. Saving waits for them: a record without the place that
// stands beside it on the screen would be a hazard lost.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export const unusedInputs = signal<string[]>([]);

/** Says of an input whether something stands in it that is not part of the record. */
export function useUnused(id: string, isUnused: boolean): void {
  useEffect(() => {
    const others = unusedInputs.peek().filter((other) => other !== id);
    unusedInputs.value = isUnused ? [...others, id] : others;
    return () => void (unusedInputs.value = unusedInputs.peek().filter((other) => other !== id));
  }, [id, isUnused]);
}
