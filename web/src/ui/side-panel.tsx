// The panel on the right (at the bottom on a phone): a place, the records found there, one record, the unplaced ones.
import { useEffect, useRef } from 'preact/hooks';
import { counted, t } from '../i18n/text';
import { closePanel, panel, type Panel } from '../state/panel';
import { FoundPanel } from './found-panel';
import { CloseIcon } from './icons';
import { InViewPanel } from './in-view-panel';
import { NotPlacedPanel } from './not-placed-panel';
import { PlacePanel } from './place-panel';
import { RecordPanel } from './record-panel';

export function SidePanel() {
  const shown = panel.value;
  const heading = useRef<HTMLHeadingElement>(null);
  useCloseOnEscape();
  // Whoever works by keyboard or ear is taken to what has opened.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [shown]);
  if (!shown) return null;
  return (
    <aside class="panel" aria-labelledby="panel-title" data-panel={shown.kind}>
      <div class="panel-head">
        <h2 id="panel-title" ref={heading} tabIndex={-1}>
          {titleOf(shown)}
        </h2>
        <button type="button" class="icon-button" aria-label={t('app.close')} title={t('app.close')} onClick={closeAndReturn}>
          <CloseIcon />
        </button>
      </div>
      <div class="panel-body">{bodyOf(shown)}</div>
    </aside>
  );
}

function useCloseOnEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && panel.value) closeAndReturn();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function closeAndReturn(): void {
  closePanel();
  document.getElementById('map')?.focus({ preventScroll: true });
}

function titleOf(shown: Panel): string {
  if (shown.kind === 'place') return t('place.title');
  if (shown.kind === 'record') return t('record.title');
  if (shown.kind === 'not-placed') return t('notplaced.title');
  if (shown.kind === 'in-view') return t('inview.title');
  return counted('hits.title', shown.records.reduce((sum, r) => sum + r.count, 0));
}

function bodyOf(shown: Panel) {
  if (shown.kind === 'place') return <PlacePanel at={shown.at} />;
  if (shown.kind === 'record') return <RecordPanel collection={shown.collection} id={shown.id} back={shown.back} />;
  if (shown.kind === 'not-placed') return <NotPlacedPanel />;
  if (shown.kind === 'in-view') return <InViewPanel />;
  return <FoundPanel at={shown.at} records={shown.records} />;
}
