// The one list of symbols, and the rule that picks the symbol of a record.
import source from '../../../data/symbology.json';

export type Hatch = 'cross' | 'forward' | 'backward' | 'dots' | 'none';
export type Properties = Record<string, string | number | boolean>;

export interface SymbolClass {
  id: string;
  layer: string;
  when: Record<string, string | string[]>;
  label: { en: string; uk: string };
  fill: string;
  fill_opacity: number;
  outline: string;
  outline_width_px: number;
  dash: number[] | null;
  hatch: Hatch;
  order: number;
}

export const SYMBOL_CLASSES = source.classes as SymbolClass[];

/** First class of the layer whose conditions hold. Every hazard layer ends with a class without conditions. */
export function symbolFor(layer: string, properties: Properties): SymbolClass | undefined {
  return SYMBOL_CLASSES.find((c) => c.layer === layer && matches(c.when, properties));
}

export function matches(when: SymbolClass['when'], properties: Properties): boolean {
  return Object.entries(when).every(([name, wanted]) => [wanted].flat().includes(String(properties[name])));
}
