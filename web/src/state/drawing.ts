// What is being drawn on the map. The form wishes, the map draws, and says what has come of it.
import { signal } from '@preact/signals';
import type { Geometry } from '../api/types';

export type DrawnKind = 'point' | 'line' | 'polygon';

export interface Drawing {
  kind: DrawnKind;
  /** Existing shapes whose points are to be moved; empty to draw anew. */
  from: Geometry[];
}

export interface DrawingTool {
  undo(): void;
  redo(): void;
  /** Takes the shape in work as it stands. */
  finish(): void;
}

/** null when nothing is being drawn. */
export const drawing = signal<Drawing | null>(null);
/** Finished shapes of the drawing under way. */
export const drawnShapes = signal<Geometry[]>([]);
export const drawingTool = signal<DrawingTool | null>(null);
export const drawingState = signal({ canUndo: false, canRedo: false });
/** The drawing tool could not be loaded. */
export const isDrawingUnavailable = signal(false);

export function beginDrawing(kind: DrawnKind, from: Geometry[]): void {
  drawnShapes.value = from;
  isDrawingUnavailable.value = false;
  drawing.value = { kind, from };
}

export function endDrawing(): void {
  drawing.value = null;
  drawnShapes.value = [];
}
