// Several records under one click, worst first. A merged shape has no fields of its own; it invites to zoom in.
import { counted, t } from '../i18n/text';
import { panel, type FoundRecord } from '../state/panel';
import { viewport, wantedMove, type Place } from '../state/viewport';
import { PlaceHeading } from './place-heading';
import { RecordRow, symbolById } from './record-row';
import { Swatch } from './swatch';

const ZOOM_STEP = 2;

export function FoundPanel({ at, records }: { at: Place; records: FoundRecord[] }) {
  return (
    <>
      <PlaceHeading at={at} />
      <ul class="records">
        {records.map((r) =>
          r.id ? <RecordRow key={r.id} collection={r.collection} id={r.id} name={r.name} symbol={symbolById(r.symbol)} /> : <MergedRow key={`${r.symbol} ${r.at.lon}`} record={r} />,
        )}
      </ul>
      <button type="button" class="button" onClick={() => (panel.value = { kind: 'place', at })}>
        {t('place.ask')}
      </button>
    </>
  );
}

function MergedRow({ record }: { record: FoundRecord }) {
  const symbol = symbolById(record.symbol);
  const zoomIn = () => (wantedMove.value = { kind: 'to', ...record.at, zoom: Math.min(19, viewport.value.zoom + ZOOM_STEP) });
  return (
    <li class="record-row is-merged">
      {symbol && <Swatch subject={{ symbol }} />}
      <strong>{counted('hits.merged', record.count)}</strong>
      <button type="button" class="small-button" onClick={zoomIn}>
        {t('hits.zoom')}
      </button>
    </li>
  );
}
