// Drawing on the map, with undo; and moving the points of what is there.
import { counted, t } from '../../i18n/text';
import { draft } from '../../state/draft';
import { beginDrawing, drawing, drawingState, drawingTool, drawnShapes, endDrawing, isDrawingUnavailable } from '../../state/drawing';
import { drawableParts, joined, kindOf } from '../../state/geometry';
import { viewport } from '../../state/viewport';
import type { PlaceInputProps } from './place-section';

export function DrawInput({ kind, onPlace }: PlaceInputProps) {
  if (drawing.value) return <Drawing kind={kind} onPlace={onPlace} />;
  const geometry = draft.value?.geometry ?? null;
  const parts = drawableParts(geometry);
  const canMove = parts !== null && geometry !== null && kindOf(geometry) === kind;
  return (
    <>
      <p class="actions">
        <button type="button" class="small-button" data-testid="draw" onClick={() => beginDrawing(kind, [])}>
          {t('draw.begin')}
        </button>
        {canMove && (
          <button type="button" class="small-button" onClick={() => beginDrawing(kind, parts)}>
            {t('draw.move')}
          </button>
        )}
      </p>
      {geometry && !parts && <p class="note">{t('draw.too_complex')}</p>}
    </>
  );
}

function Drawing({ kind, onPlace }: PlaceInputProps) {
  const tool = drawingTool.value;
  const shapes = drawnShapes.value;
  const take = () => {
    const geometry = joined(drawnShapes.value);
    if (!geometry) return;
    onPlace(geometry, { notation: 'drawn', zoom: viewport.value.zoom });
    endDrawing();
  };
  // What was begun is finished first, so that it is not lost when somebody takes the drawing over.
  const finishAndTake = () => {
    if (drawing.value?.from.length === 0) tool?.finish();
    requestAnimationFrame(take);
  };
  if (isDrawingUnavailable.value) return <Unavailable />;
  return (
    <div data-testid="drawing">
      <p role="status">{tool ? t(drawing.value?.from.length ? 'draw.how_move' : HOW[kind]) : t('draw.loading')}</p>
      <p class="actions">
        <button type="button" class="small-button" disabled={!drawingState.value.canUndo} onClick={() => tool?.undo()}>
          {t('draw.undo')}
        </button>
        <button type="button" class="small-button" disabled={!drawingState.value.canRedo} onClick={() => tool?.redo()}>
          {t('draw.redo')}
        </button>
        <button type="button" class="small-button" data-testid="draw-take" disabled={!tool} onClick={finishAndTake}>
          {t('draw.take')}
        </button>
        <button type="button" class="small-button" onClick={endDrawing}>
          {t('draw.cancel')}
        </button>
      </p>
      <p class="note">{counted('draw.shapes', shapes.length)}</p>
    </div>
  );
}

const HOW = { point: 'draw.how_point', line: 'draw.how_line', polygon: 'draw.how_polygon' } as const;

function Unavailable() {
  return (
    <p class="warning" role="alert">
      {t('draw.unavailable')}{' '}
      <button type="button" class="small-button" onClick={endDrawing}>
        {t('draw.cancel')}
      </button>
    </p>
  );
}
