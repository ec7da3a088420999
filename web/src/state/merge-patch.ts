// The difference between two versions of a record as RFC 7396 has it: only what changed, null for what was removed.
import type { Properties, Value } from '../api/types';

export function mergePatch(from: Properties, to: Properties): Properties {
  const patch: Properties = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[name], to[name]];
    if (isSame(before, after)) continue;
    if (after === undefined || after === null) patch[name] = null;
    else patch[name] = isStructure(before) && isStructure(after) ? mergePatch(before, after) : after;
  }
  return patch;
}

export function merged(target: Properties, patch: Properties): Properties {
  const result = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else if (isStructure(value)) result[name] = merged(isStructure(result[name]) ? result[name] : {}, value);
    else result[name] = value;
  }
  return result;
}

/** Names whose values differ; an absent value and null are the same. */
export function changedNames(from: Properties, to: Properties): string[] {
  return Object.keys(mergePatch(from, to));
}

export function isStructure(value: Value | undefined): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSame(a: unknown, b: unknown): boolean {
  return ordered(a) === ordered(b);
}

// The order of members says nothing in JSON.
function ordered(value: unknown): string {
  return JSON.stringify(value ?? null, (_name, part: unknown) =>
    isStructure(part as Value) ? Object.fromEntries(Object.entries(part as Properties).sort(([x], [y]) => (x < y ? -1 : 1))) : part,
  );
}
