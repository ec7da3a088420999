// Lets the register read typed coordinates, line by line. Several readings of a line wait for a choice: none is guessed.
import { useRef, useState } from 'preact/hooks';
import { Refusal } from '../../api/ask';
import { fetchReadings } from '../../api/register';
import type { Properties, Reading } from '../../api/types';

export interface ReadLine {
  text: string;
  state: 'waiting' | 'read' | 'refused' | 'failed';
  readings: Reading[];
  /** Which reading was chosen; null while there are several and none was. */
  chosen: number | null;
  /** Why it could not be read. */
  problem: string;
}

export interface Readings {
  lines: ReadLine[];
  read(text: string, crs: string): Promise<void>;
  choose(line: number, reading: number): void;
  /** Gives every unsettled line the reading of the same kind, where it has exactly one. */
  chooseAlike(line: number): void;
  forget(): void;
}

export function useReadings(): Readings {
  const [lines, setLines] = useState<ReadLine[]>([]);
  // An answer to what is no longer typed must not come to stand beside what is.
  const round = useRef(0);
  const put = (i: number, line: ReadLine) => setLines((before) => before.map((other, j) => (j === i ? line : other)));
  return {
    lines,
    forget: () => (round.current++, setLines([])),
    choose: (i, chosen) => lines[i] && put(i, { ...lines[i], chosen }),
    chooseAlike(i) {
      const like = lines[i] && chosenOf(lines[i]);
      if (like) setLines(lines.map((line) => (line.chosen === null ? { ...line, chosen: alike(line.readings, like) } : line)));
    },
    async read(text, crs) {
      const texts = text.split('\n').map((line) => line.trim()).filter(Boolean);
      const own = ++round.current;
      setLines(texts.map(waiting));
      for (const [i, line] of texts.entries()) {
        const read = await readLine(line, crs);
        if (own !== round.current) return;
        put(i, read);
      }
    },
  };
}

function waiting(text: string): ReadLine {
  return { text, state: 'waiting', readings: [], chosen: null, problem: '' };
}

async function readLine(text: string, crs: string): Promise<ReadLine> {
  try {
    const readings = await fetchReadings(text, crs);
    if (readings.length === 0) return { ...waiting(text), state: 'refused' };
    return { ...waiting(text), state: 'read', readings, chosen: readings.length === 1 ? 0 : null };
  } catch (problem) {
    if (problem instanceof Refusal && problem.status < 500) return { ...waiting(text), state: 'refused', problem: problem.problem.detail ?? '' };
    return { ...waiting(text), state: 'failed' };
  }
}

export function chosenOf({ readings, chosen }: ReadLine): Reading | undefined {
  return chosen === null ? undefined : readings[chosen];
}

/** Which reading is of the same kind as another: same system, same words apart from the numbers. */
export function alike(readings: Reading[], like: Reading): number | null {
  const kind = ({ crs, read_as }: Reading) => `${crs} ${read_as.replace(/[\d.,]+/g, '#')}`;
  const same = readings.flatMap((reading, i) => (kind(reading) === kind(like) ? [i] : []));
  return same.length === 1 ? same[0]! : null;
}

/** The chosen reading of every line; null while one of them is not settled. */
export function settled(lines: ReadLine[]): Reading[] | null {
  const chosen = lines.map(chosenOf);
  return lines.length > 0 && chosen.every((reading) => reading !== undefined) ? (chosen as Reading[]) : null;
}

/** What was typed, and how it was read, for `as_entered`. */
export function enteredLines(lines: ReadLine[], crs: string): Properties {
  return { notation: 'typed', ...(crs.trim() ? { crs: crs.trim() } : {}), lines: lines.map(enteredLine) };
}

export function enteredLine(line: ReadLine): Properties {
  const { read_as = '', crs = null, operation = null, accuracy_m = null } = chosenOf(line) ?? {};
  return { text: line.text, read_as, crs, operation, accuracy_m };
}
