// Which symbols stand for what is no longer a hazard, and which tiles hold such records. A register may not have all
// of the collections, so the map asks for each of them by its own name.

export const SETTLED_SYMBOLS = ['closed', 'report-settled', 'minefield-closed', 'item-disposed'];

export const SETTLED_TILES = ['hazardous-areas', 'minefield-records', 'hazard-reports', 'explosive-items'];

/** Name, for the painter, of the settled records of a collection. */
export function settledLayer(collection: string): string {
  return `settled ${collection}`;
}
