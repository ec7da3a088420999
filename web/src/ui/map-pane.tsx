// The map, its progress bar, the position under the pointer, and what can be done without a pointer.
import { useEffect, useRef } from 'preact/hooks';
import { position } from '../i18n/quantity';
import { t } from '../i18n/text';
import { showMap } from '../map/map-view';
import { isPast, isTimeBarOpen } from '../state/past';
import { panel } from '../state/panel';
import { extent } from '../state/register';
import { isPublicView, may } from '../state/session';
import { pointer, tileCounts, viewport, wantedMove } from '../state/viewport';
import { ClockIcon, FrameIcon, ListIcon, TargetIcon } from './icons';
import { lazily } from './lazily';

const TimeBar = lazily(() => import('./time-bar').then((part) => part.TimeBar));

export function MapPane() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = showMap(element.current!);
    return () => void shown.then((remove) => remove());
  }, []);
  return (
    <div class={isPast.value ? 'map-pane is-past' : 'map-pane'}>
      <Progress />
      <div ref={element} id="map" class="map" role="application" tabIndex={0} />
      <div class="crosshair" aria-hidden="true" />
      <div class="map-tools">
        <ToolButton label={t('map.ask_middle')} icon={<TargetIcon />} onClick={askMiddle} />
        <ToolButton label={t('map.list')} icon={<ListIcon />} onClick={() => (panel.value = { kind: 'in-view' })} />
        {may('read_past') && <ToolButton label={t('past.choose')} icon={<ClockIcon />} onClick={() => (isTimeBarOpen.value = !isTimeBarOpen.value)} />}
        {extent.value && <ToolButton label={t('map.whole')} icon={<FrameIcon />} onClick={showEverything} />}
      </div>
      <PointerPosition />
      {isPast.value && <div class="past-frame" aria-hidden="true" />}
      {isPublicView.value && (
        <p class="view-badge" title={t('public.view_title')} data-testid="public-view">
          {t('public.view')}
        </p>
      )}
      {may('read_past') && (isTimeBarOpen.value || isPast.value) && <TimeBar />}
    </div>
  );
}

function ToolButton({ label, icon, onClick }: { label: string; icon: preact.JSX.Element; onClick: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </button>
  );
}

function askMiddle(): void {
  const { lon, lat } = viewport.value;
  panel.value = { kind: 'place', at: { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) } };
}

function showEverything(): void {
  if (extent.value) wantedMove.value = { kind: 'fit', box: extent.value };
}

function Progress() {
  const isLoading = tileCounts.value.waiting > 0;
  return (
    <div class={isLoading ? 'progress is-loading' : 'progress'} data-testid="progress">
      {isLoading && <div role="progressbar" aria-label={t('status.loading')} />}
    </div>
  );
}

function PointerPosition() {
  const place = pointer.value ?? viewport.value;
  return (
    <output class="pointer" title={t('map.pointer')} data-testid="pointer">
      {position(place.lon, place.lat)}
    </output>
  );
}
