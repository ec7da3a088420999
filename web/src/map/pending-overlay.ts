// Proposals over the map: outlines with the word "proposal", above the records and hiding none of them.
import { effect } from '@preact/signals';
import { divIcon, geoJSON, layerGroup, marker, type Map as LeafletMap } from 'leaflet';
import type { Proposal } from '../api/types';
import { t } from '../i18n/text';
import { pending, showsProposals } from '../state/proposals';
import { boxOfGeometry } from './geometry-box';
import { PROPOSAL_COLOUR, PROPOSAL_DASH, PROPOSAL_WIDTH_PX } from './proposal-style';

const PANE = 'proposals';
// Above the tiles (200), below the drawing and Leaflet's controls.
const PANE_LEVEL = 410;

/** Keeps the proposals in step with the register; the returned function ends that. */
export function showPending(map: LeafletMap): () => void {
  const pane = map.createPane(PANE);
  pane.style.zIndex = String(PANE_LEVEL);
  pane.style.pointerEvents = 'none';
  const shown = layerGroup().addTo(map);
  return effect(() => {
    shown.clearLayers();
    if (!showsProposals.value) return;
    for (const proposal of pending.value?.features ?? []) drawn(proposal).forEach((layer) => shown.addLayer(layer));
  });
}

function drawn({ geometry, properties }: Proposal) {
  const box = boxOfGeometry(geometry);
  if (!geometry || !box) return [];
  const outline = geoJSON(geometry as never, {
    pane: PANE,
    interactive: false,
    style: { color: PROPOSAL_COLOUR, weight: PROPOSAL_WIDTH_PX, dashArray: PROPOSAL_DASH, fill: false },
    // A proposal about a place without an outline has only its label.
    pointToLayer: (_point, at) => label(properties.proposal, at.lng, at.lat),
  });
  return geometry.type === 'Point' ? [outline] : [outline, label(properties.proposal, (box[0] + box[2]) / 2, box[3])];
}

function label(proposal: number, lon: number, lat: number) {
  const text = document.createElement('span');
  text.textContent = t('proposals.sign', { n: proposal });
  return marker([lat, lon], { pane: PANE, interactive: false, keyboard: false, icon: divIcon({ className: 'proposal-sign', html: text, iconSize: [0, 0] }) });
}
