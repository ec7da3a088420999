// Jumps to a coordinate or a settlement. Plain degrees and the basemap's names need no server; it reads the rest.
import { useState } from 'preact/hooks';
import { fetchLocated } from '../api/register';
import { t } from '../i18n/text';
import { painter } from '../map/painter-client';
import { panel } from '../state/panel';
import { viewport, wantedMove, type Place } from '../state/viewport';
import { readDegrees } from './read-degrees';

const ZOOM_MIN = 12;

export function Search() {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const find = async (event: Event) => {
    event.preventDefault();
    const found = await located(text);
    setProblem(found || !text ? '' : t('search.none', { text }));
    if (found) show(found);
  };
  return (
    <form class="search" role="search" onSubmit={(e) => void find(e)}>
      <input type="search" value={text} aria-label={t('search.label')} placeholder={t('search.placeholder')} onInput={(e) => setText(e.currentTarget.value)} />
      <button type="submit" class="small-button">
        {t('search.go')}
      </button>
      <span class="search-problem" role="status">
        {problem}
      </span>
    </form>
  );
}

async function located(text: string): Promise<Place | null> {
  if (!text.trim()) return null;
  const known = readDegrees(text) ?? (await (await painter()).find(text));
  return known ?? (await fetchLocated(text).catch(() => null));
}

function show({ lon, lat }: Place): void {
  wantedMove.value = { kind: 'to', lon, lat, zoom: Math.max(ZOOM_MIN, viewport.value.zoom) };
  panel.value = { kind: 'place', at: { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) } };
}
