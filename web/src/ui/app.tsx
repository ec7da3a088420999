// The screen: bar, rail with layers and legend, map, side panel.
import { signal } from '@preact/signals';
import { t } from '../i18n/text';
import { Banners } from './banners';
import { LayersRail } from './layers-rail';
import { MapPane } from './map-pane';
import { SidePanel } from './side-panel';
import { TopBar } from './top-bar';

/** Open on a wide screen; on a phone the map comes first. */
export const isRailOpen = signal(window.matchMedia('(min-width: 800px)').matches);

export function App() {
  return (
    <div class="app">
      <a class="skip" href="#map" onClick={focusMap}>
        {t('app.skip')}
      </a>
      <TopBar />
      <Banners />
      <main class="stage">
        {isRailOpen.value && <LayersRail />}
        <MapPane />
        <SidePanel />
      </main>
    </div>
  );
}

function focusMap(event: Event): void {
  event.preventDefault();
  document.getElementById('map')?.focus();
}
