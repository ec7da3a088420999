// Jumps to a coordinate in any notation the server reads, or to a place it knows. Plain degrees need no server.
import { useState } from 'preact/hooks';
import { fetchLocated } from '../api/register';
import type { LocatedPlace } from '../api/types';
import { t } from '../i18n/text';
import { panel } from '../state/panel';
import { viewport, wantedMove } from '../state/viewport';
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

async function located(text: string): Promise<LocatedPlace | null> {
  if (!text.trim()) return null;
  return readDegrees(text) ?? (await fetchLocated(text).catch(() => null));
}

function show({ lon, lat }: LocatedPlace): void {
  wantedMove.value = { kind: 'to', lon, lat, zoom: Math.max(ZOOM_MIN, viewport.value.zoom) };
  panel.value = { kind: 'place', at: { lon, lat } };
}
