// Which layers are drawn. Hiding a hazard layer is allowed and said aloud.
import { computed, signal } from '@preact/signals';
import type { CollectionSummary } from '../api/types';
import { collectionIds } from './register';

export const HAZARD_LAYERS = ['hazardous-areas', 'minefield-records', 'hazard-reports', 'explosive-items'] as const;
export const LAYER_IDS = [...HAZARD_LAYERS, 'accidents', 'tasks', 'land-releases', 'surveys', 'closed-areas'] as const;
export type LayerId = (typeof LAYER_IDS)[number];

export const LAYERS_AT_START: LayerId[] = LAYER_IDS.filter((id) => id !== 'closed-areas' && id !== 'tasks');

/** Collections without a place: lists, not layers. */
export const LISTED_IDS = ['organisations', 'contributions', 'capacity'] as const;
export type ListedId = (typeof LISTED_IDS)[number];

export const visibleLayers = signal<LayerId[]>(LAYERS_AT_START);

/** Layers that this register has; those of every register until it has answered. */
export const knownLayers = computed(() => {
  const collections = collectionIds.value ?? ['hazardous-areas', 'hazard-reports', 'land-releases', 'surveys'];
  return LAYER_IDS.filter((id) => id === 'closed-areas' || collections.includes(id));
});

/** What the tiles are asked for. */
export const drawnLayers = computed(() => visibleLayers.value.filter((id) => knownLayers.value.includes(id)));

export const hidesHazards = computed(() => hiddenHazardLayers(visibleLayers.value).some((id) => knownLayers.value.includes(id)));

export function setLayer(id: LayerId, isVisible: boolean): void {
  const others = visibleLayers.value.filter((layer) => layer !== id);
  visibleLayers.value = inOrder(isVisible ? [...others, id] : others);
}

export function showHazards(): void {
  visibleLayers.value = inOrder([...new Set([...visibleLayers.value, ...hiddenHazardLayers(visibleLayers.value)])]);
}

export function inOrder(layers: readonly string[]): LayerId[] {
  return LAYER_IDS.filter((id) => layers.includes(id));
}

function hiddenHazardLayers(visible: readonly LayerId[]): LayerId[] {
  return HAZARD_LAYERS.filter((id) => !visible.includes(id));
}

/** Records of hidden hazard layers; closed areas and settled reports are not drawn as hazards anyway. */
export function hiddenHazards(collections: CollectionSummary[], visible: readonly LayerId[]): number {
  const hidden = hiddenHazardLayers(visible);
  return collections.filter((c) => hidden.includes(c.id as LayerId)).reduce((sum, c) => sum + openRecords(c), 0);
}

// Whatever is not known to be settled counts as open.
const SETTLED = ['closed', 'duplicate', 'rejected', 'converted', 'disposed'];

function openRecords({ records, counts }: CollectionSummary): number {
  const settled = counts.filter((row) => ['status', 'triage', 'state'].some((name) => SETTLED.includes(row[name] ?? '')));
  return records - settled.reduce((sum, row) => sum + row.records, 0);
}
