// The map on the page: Leaflet's camera around our tiles, tied to the state on one side and to clicks on the other.
import { effect } from '@preact/signals';
import { control, latLngBounds, map as leafletMap, point, type LatLng, type Map as LeafletMap } from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { language, t } from '../i18n/text';
import { drawnLayers, knownLayers } from '../state/layers';
import { drawing } from '../state/drawing';
import { knownAt } from '../state/past';
import { selected, showFound, type FoundRecord } from '../state/panel';
import { extent, revision } from '../state/register';
import { viewer } from '../state/session';
import { boxInView, pointer, tileCounts, viewport, wantedMove, type Move, type Place } from '../state/viewport';
import { markAskedPlace } from './asked-place';
import { painter, type CancellablePainter } from './painter-client';
import { addressOf, RegisterLayer } from './register-layer';
import { SETTLED_TILES, settledLayer } from './settled';
import { showDraft } from './draft-overlay';
import { followDrawing } from './follow-drawing';
import { showPending } from './pending-overlay';
import { TILE_PX } from './tile-address';
import type { Hits, View } from './tile-protocol';

const ZOOM_MIN = 3;
const ZOOM_MAX = 19;
// A finer picture than this costs four times the memory and is hard to tell apart.
const RATIO_MAX = 2;

export async function showMap(element: HTMLElement): Promise<() => void> {
  const map = camera(element);
  const artist = await painter();
  const layer = new RegisterLayer(artist, currentView(), (counts) => (tileCounts.value = counts)).addTo(map);
  const stops = [
    effect(() => layer.show(currentView())),
    effect(() => labelControls(map)),
    effect(() => follow(map, wantedMove.value)),
    watchSize(map, element),
    markAskedPlace(map),
    showPending(map),
    showDraft(map),
    followDrawing(map),
  ];
  reportCamera(map);
  // A click while drawing sets a point of the drawing.
  map.on('click', (event) => !drawing.peek() && void askMap(map, artist, event.latlng));
  element.addEventListener('keydown', (event) => event.key === 'Enter' && event.target === element && !drawing.peek() && void askMap(map, artist, map.getCenter()));
  return () => {
    stops.forEach((stop) => stop());
    map.remove();
  };
}

/** What the tiles must show now; reading it inside an effect ties the tiles to the state. */
function currentView(): View {
  return {
    layers: layersToPaint(),
    revision: revision.value,
    viewer: viewer.value ?? '',
    knownAt: knownAt.value,
    language: language.value,
    selected: selected.value?.id ?? null,
    extent: extent.value,
    ratio: Math.min(RATIO_MAX, window.devicePixelRatio || 1),
  };
}

// The layer of settled records is made of those of each collection that the register has.
function layersToPaint(): string[] {
  const settled = SETTLED_TILES.filter((id) => knownLayers.value.some((known) => known === id)).map(settledLayer);
  return drawnLayers.value.flatMap((id) => (id === 'closed-areas' ? settled : [id]));
}

function camera(element: HTMLElement): LeafletMap {
  const { lat, lon, zoom } = viewport.value;
  const map = leafletMap(element, {
    center: [lat, lon],
    zoom,
    minZoom: ZOOM_MIN,
    maxZoom: ZOOM_MAX,
    fadeAnimation: false,
    zoomControl: false,
    attributionControl: false,
    worldCopyJump: true,
  });
  control.zoom({ position: 'topright' }).addTo(map);
  control.scale({ position: 'bottomleft', imperial: false }).addTo(map);
  control.attribution({ position: 'bottomright', prefix: 'Leaflet' }).addTo(map);
  return map;
}

function labelControls(map: LeafletMap): void {
  const container = map.getContainer();
  container.setAttribute('aria-label', t('map.label'));
  label(container.querySelector('.leaflet-control-zoom-in'), t('map.zoom_in'));
  label(container.querySelector('.leaflet-control-zoom-out'), t('map.zoom_out'));
  const credit = container.querySelector('.leaflet-control-attribution');
  if (credit) credit.textContent = `${t('credit.basemap')} · Leaflet`;
}

function label(control: Element | null, text: string): void {
  control?.setAttribute('title', text);
  control?.setAttribute('aria-label', text);
}

function follow(map: LeafletMap, move: Move | null): void {
  if (!move) return;
  if (move.kind === 'to') map.setView([move.lat, move.lon], move.zoom ?? map.getZoom());
  else map.fitBounds(latLngBounds([move.box[1], move.box[0]], [move.box[3], move.box[2]]), { padding: [40, 40], maxZoom: 16 });
  wantedMove.value = null;
}

function reportCamera(map: LeafletMap): void {
  map.on('moveend', () => report(map));
  report(map);
  map.on('mousemove', (event) => (pointer.value = placeOf(event.latlng)));
  map.on('mouseout', () => (pointer.value = null));
}

function report(map: LeafletMap): void {
  const { lat, lng } = map.getCenter();
  const bounds = map.getBounds();
  viewport.value = { zoom: map.getZoom(), lat, lon: lng };
  boxInView.value = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

function placeOf(place: LatLng): Place {
  const { lat, lng } = place.wrap();
  return { lon: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)) };
}

function watchSize(map: LeafletMap, element: HTMLElement): () => void {
  const observer = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  observer.observe(element);
  return () => observer.disconnect();
}

// The tile answers at once. When it cannot, the panel asks the register about the place, so nothing is lost.
async function askMap(map: LeafletMap, artist: CancellablePainter, place: LatLng): Promise<void> {
  const zoom = map.getZoom();
  const at = map.project(place, zoom);
  const corner = at.divideBy(TILE_PX).floor();
  const inTile = at.subtract(corner.multiplyBy(TILE_PX));
  const address = addressOf(Object.assign(corner, { z: zoom }));
  const hits = await artist.hits({ address, ...{ x: inTile.x, y: inTile.y }, view: currentView() }).catch((): Hits => []);
  const found = hits.map((hit) => foundRecord(hit, (x, y) => map.unproject(point(x, y).add(corner.multiplyBy(TILE_PX)), zoom)));
  showFound(placeOf(place), found);
}

function foundRecord({ layer, symbol, properties, centre }: Hits[number], toPlace: (x: number, y: number) => LatLng): FoundRecord {
  return {
    collection: layer,
    id: properties['id'] === undefined ? null : String(properties['id']),
    name: properties['name'] === undefined ? null : String(properties['name']),
    symbol,
    count: Number(properties['count'] ?? 1),
    at: placeOf(toPlace(centre.x, centre.y)),
  };
}
