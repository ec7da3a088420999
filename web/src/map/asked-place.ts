// A ring at the place the panel is about, and the circle within which the register was asked.
import { effect } from '@preact/signals';
import { circle, divIcon, layerGroup, marker, type Map as LeafletMap } from 'leaflet';
import { NEAR_RADIUS_M } from '../api/register';
import { panel, type Panel } from '../state/panel';
import type { Place } from '../state/viewport';

const SIZE_PX = 18;
const MARGIN_PX = 60;

/** Keeps the mark in step with the panel; the returned function ends that. */
export function markAskedPlace(map: LeafletMap): () => void {
  const marks = layerGroup().addTo(map);
  // A panel that opens narrows the map; the place must not be pushed out of sight by that.
  map.on('resize', () => keepInSight(map, placeOf(panel.peek())));
  return effect(() => {
    marks.clearLayers();
    const place = placeOf(panel.value);
    if (!place) return;
    marks.addLayer(ring(place));
    // Once the panel has been laid out: on a phone it lies over the map.
    requestAnimationFrame(() => keepInSight(map, place));
    if (panel.value?.kind === 'place') marks.addLayer(reach(place));
  });
}

function keepInSight(map: LeafletMap, place: Place | null): void {
  if (!place) return;
  const bottom = coveredPx(map) + MARGIN_PX;
  map.panInside([place.lat, place.lon], { paddingTopLeft: [MARGIN_PX, MARGIN_PX], paddingBottomRight: [MARGIN_PX, bottom] });
}

/** Height of the map's lower part that the panel lies over, as on a phone. */
function coveredPx(map: LeafletMap): number {
  const own = map.getContainer().getBoundingClientRect();
  const panelBox = document.querySelector('.panel')?.getBoundingClientRect();
  const isOver = panelBox && panelBox.left <= own.left && panelBox.top < own.bottom;
  return isOver ? own.bottom - panelBox.top : 0;
}

function placeOf(shown: Panel | null): Place | null {
  return shown?.kind === 'place' || shown?.kind === 'found' ? shown.at : null;
}

function ring({ lon, lat }: Place) {
  const icon = divIcon({ className: 'asked-place', iconSize: [SIZE_PX, SIZE_PX] });
  return marker([lat, lon], { icon, interactive: false, keyboard: false });
}

function reach({ lon, lat }: Place) {
  return circle([lat, lon], { radius: NEAR_RADIUS_M, color: '#111111', weight: 1.5, dashArray: '4 4', fill: false, interactive: false });
}
