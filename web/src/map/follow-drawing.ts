// Fetches the drawing tool when somebody wants to draw, and puts it away afterwards.
import { effect } from '@preact/signals';
import type { Map as LeafletMap } from 'leaflet';
import { drawing, drawingTool, isDrawingUnavailable, type Drawing } from '../state/drawing';

export function followDrawing(map: LeafletMap): () => void {
  let stop = () => {};
  const stopEffect = effect(() => {
    stop();
    stop = drawing.value ? begin(map, drawing.value) : () => {};
  });
  return () => {
    stop();
    stopEffect();
  };
}

function begin(map: LeafletMap, wanted: Drawing): () => void {
  let isWanted = true;
  let end = () => {};
  import('./drawing-tool').then(
    ({ startDrawing }) => {
      if (isWanted) end = startDrawing(map, wanted);
    },
    () => isWanted && (isDrawingUnavailable.value = true),
  );
  return () => {
    isWanted = false;
    drawingTool.value = null;
    end();
  };
}
