// Which layers are drawn. Hiding a hazard layer is allowed and said aloud.
import { computed, signal } from '@preact/signals';
import type { CollectionSummary } from '../api/types';

export const LAYER_IDS = ['hazardous-areas', 'hazard-reports', 'land-releases', 'surveys', 'closed-areas'] as const;
export type LayerId = (typeof LAYER_IDS)[number];

export const LAYERS_AT_START: LayerId[] = ['hazardous-areas', 'hazard-reports', 'land-releases', 'surveys'];

export const visibleLayers = signal<LayerId[]>(LAYERS_AT_START);

export const hidesHazards = computed(() => hiddenHazardLayers(visibleLayers.value).length > 0);

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
  return (['hazardous-areas', 'hazard-reports'] as const).filter((id) => !visible.includes(id));
}

/** Records of hidden hazard layers; closed areas and settled reports are not drawn as hazards anyway. */
export function hiddenHazards(collections: CollectionSummary[], visible: readonly LayerId[]): number {
  const hidden = hiddenHazardLayers(visible);
  return collections.filter((c) => hidden.includes(c.id as LayerId)).reduce((sum, c) => sum + openRecords(c), 0);
}

// Whatever is not known to be settled counts as open.
const SETTLED = ['closed', 'duplicate', 'rejected', 'converted'];

function openRecords({ records, counts }: CollectionSummary): number {
  const settled = counts.filter((row) => SETTLED.includes(row['status'] ?? '') || SETTLED.includes(row['triage'] ?? ''));
  return records - settled.reduce((sum, row) => sum + row.records, 0);
}
