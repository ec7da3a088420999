// Drawing with Terra Draw, in a chunk of its own that only those who draw download.
import * as leaflet from 'leaflet';
import type { Map as LeafletMap } from 'leaflet';
import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
  TerraDrawSessionUndoRedo,
  TerraDrawUndoRedoKeyboardShortcuts,
  type GeoJSONStoreFeatures,
  type HexColor,
} from 'terra-draw';
import { TerraDrawLeafletAdapter } from 'terra-draw-leaflet-adapter';
import type { Geometry } from '../api/types';
import { drawingState, drawingTool, drawnShapes, type Drawing, type DrawnKind } from '../state/drawing';

const INK: HexColor = '#111111';
const PAPER: HexColor = '#ffffff';
const ACCENT: HexColor = '#0b4f7d';
const MODES: Record<DrawnKind, string> = { point: 'point', line: 'linestring', polygon: 'polygon' };
// Nine decimals are a tenth of a millimetre; Terra Draw refuses positions with more.
const DECIMALS = 9;

/** Begins to draw, or to move the points of what is there; the returned function ends it. */
export function startDrawing(map: LeafletMap, { kind, from }: Drawing): () => void {
  const draw = new TerraDraw({
    adapter: adapterFor(map),
    modes: [pointMode(), lineMode(), polygonMode(), selectMode()],
    undoRedo: { modeLevel: new TerraDrawModeUndoRedo(), sessionLevel: new TerraDrawSessionUndoRedo(), keyboardShortcuts: new TerraDrawUndoRedoKeyboardShortcuts() },
  });
  draw.start();
  draw.on('change', () => report(draw));
  draw.on('finish', () => report(draw));
  if (from.length) changeShapes(draw, from, MODES[kind]);
  else draw.setMode(MODES[kind]);
  drawingTool.value = {
    undo: () => (draw.undo(), report(draw)),
    redo: () => (draw.redo(), report(draw)),
    finish: () => (finishByKey(map), report(draw)),
  };
  report(draw);
  return () => draw.stop();
}

// The adapter would write its layers' order into a style element, which the page's security policy forbids.
function adapterFor(map: LeafletMap): TerraDrawLeafletAdapter {
  const adapter = new TerraDrawLeafletAdapter({ lib: leaflet, map, coordinatePrecision: DECIMALS });
  const panes = adapter as unknown as { createPaneStyleSheet(name: string, level: number): { remove(): void } };
  panes.createPaneStyleSheet = (name, level) => {
    const pane = map.getPane(name) ?? map.createPane(name);
    pane.style.zIndex = String(level + 600);
    return { remove: () => undefined };
  };
  return adapter;
}

function changeShapes(draw: TerraDraw, shapes: Geometry[], mode: string): void {
  const features = shapes.map((geometry) => ({ type: 'Feature', properties: { mode }, geometry: rounded(geometry) }) as GeoJSONStoreFeatures);
  const [first] = draw.addFeatures(features);
  draw.setMode('select');
  if (first?.valid && first.id !== undefined) draw.selectFeature(first.id);
}

function rounded({ type, coordinates }: Geometry): Geometry {
  const round = (part: unknown): unknown => (typeof part === 'number' ? Number(part.toFixed(DECIMALS)) : (part as unknown[]).map(round));
  return { type, coordinates: round(coordinates) };
}

/** What has been finished; points that only guide the hand are not part of it. */
function report(draw: TerraDraw): void {
  const modes = Object.values(MODES);
  const finished = draw.getSnapshot().filter(({ properties }) => modes.includes(String(properties['mode'])) && !isGuidance(properties));
  drawnShapes.value = finished.map(({ geometry }) => geometry as Geometry);
  drawingState.value = { canUndo: draw.canUndo(), canRedo: draw.canRedo() };
}

function isGuidance(properties: GeoJSONStoreFeatures['properties']): boolean {
  return ['currentlyDrawing', 'closingPoint', 'coordinatePoint', 'snappingPoint', 'editedPoint', 'midPoint', 'selectionPoint'].some((name) => properties[name] === true);
}

// Terra Draw ends a shape with Enter; the button of the form says the same to it.
function finishByKey(map: LeafletMap): void {
  for (const type of ['keydown', 'keyup']) map.getContainer().dispatchEvent(new KeyboardEvent(type, { key: 'Enter', bubbles: true }));
}

function pointMode() {
  return new TerraDrawPointMode({ styles: { pointColor: PAPER, pointOutlineColor: INK, pointOutlineWidth: 3, pointWidth: 8 } });
}

function lineMode() {
  return new TerraDrawLineStringMode({ styles: { lineStringColor: INK, lineStringWidth: 3, closingPointColor: PAPER, closingPointOutlineColor: INK } });
}

function polygonMode() {
  return new TerraDrawPolygonMode({
    styles: { fillColor: PAPER, fillOpacity: 0.12, outlineColor: INK, outlineWidth: 3, closingPointColor: PAPER, closingPointOutlineColor: INK, closingPointWidth: 6, closingPointOutlineWidth: 3 },
  });
}

function selectMode() {
  const points = { coordinates: { draggable: true, midpoints: true, deletable: true } };
  return new TerraDrawSelectMode({
    flags: { point: { feature: { draggable: true } }, linestring: { feature: points }, polygon: { feature: points } },
    styles: {
      selectedPointColor: PAPER,
      selectedPointOutlineColor: ACCENT,
      selectedLineStringColor: ACCENT,
      selectedPolygonColor: PAPER,
      selectedPolygonOutlineColor: ACCENT,
      selectionPointColor: PAPER,
      selectionPointOutlineColor: ACCENT,
      selectionPointWidth: 7,
      selectionPointOutlineWidth: 3,
      midPointColor: ACCENT,
      midPointOutlineColor: PAPER,
    },
  });
}
