// Where the unsaved record lies, while its form is open.
import { effect } from '@preact/signals';
import { circleMarker, geoJSON, layerGroup, type Map as LeafletMap } from 'leaflet';
import { draft } from '../state/draft';
import { drawing } from '../state/drawing';
import { panel } from '../state/panel';

const STYLE = { color: '#111111', weight: 3, dashArray: '8 5', fillColor: '#ffffff', fillOpacity: 0.12, interactive: false };

/** Keeps the sketch in step with the form; the returned function ends that. */
export function showDraft(map: LeafletMap): () => void {
  const shown = layerGroup().addTo(map);
  return effect(() => {
    shown.clearLayers();
    const geometry = panel.value?.kind === 'edit' && !drawing.value ? draft.value?.geometry : null;
    if (!geometry) return;
    shown.addLayer(geoJSON(geometry as never, { style: STYLE, pointToLayer: (_point, at) => circleMarker(at, { ...STYLE, radius: 9 }) }));
  });
}
