// Jumps to a coordinate or a settlement. Plain degrees and the basemap's names need no server; it reads the rest. What
// can be read in several ways is offered, not guessed.
import { useState } from 'preact/hooks';
import { fetchReadingsIfAny } from '../api/register';
import type { Reading } from '../api/types';
import { position } from '../i18n/quantity';
import { t } from '../i18n/text';
import { painter } from '../map/painter-client';
import { panel } from '../state/panel';
import { viewport, wantedMove, type Place } from '../state/viewport';
import { readDegrees } from './read-degrees';

const ZOOM_MIN = 12;

export function Search() {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [choices, setChoices] = useState<Reading[]>([]);
  const go = (place: Place) => (setChoices([]), show(place));
  const find = async (event: Event) => {
    event.preventDefault();
    setChoices([]);
    const found = await located(text).catch(() => null);
    setProblem(found === null ? t('refused.no_answer') : found.length || !text ? '' : t('search.none', { text }));
    if (found?.length === 1) go(found[0]!);
    else if (found) setChoices(found as Reading[]);
  };
  return (
    <form class="search" role="search" onSubmit={(e) => void find(e)}>
      <input type="search" value={text} aria-label={t('search.label')} placeholder={t('search.placeholder')} onInput={(e) => (setText(e.currentTarget.value), setChoices([]))} />
      <button type="submit" class="small-button">
        {t('search.go')}
      </button>
      <div class="search-problem" role="status">
        {problem}
        {choices.length > 0 && <Choices readings={choices} onChoose={go} />}
      </div>
    </form>
  );
}

function Choices({ readings, onChoose }: { readings: Reading[]; onChoose: (place: Place) => void }) {
  return (
    <>
      <p>{t('coordinates.choose')}</p>
      <ul>
        {readings.map((reading) => (
          <li key={reading.read_as}>
            <button type="button" class="link-button" onClick={() => onChoose(reading)}>
              {reading.read_as} → {position(reading.lon, reading.lat)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Places that the text may mean; several only where the register reads it in several ways. */
async function located(text: string): Promise<Place[]> {
  if (!text.trim()) return [];
  const known = readDegrees(text) ?? (await (await painter()).find(text));
  return known ? [known] : fetchReadingsIfAny(text);
}

function show({ lon, lat }: Place): void {
  wantedMove.value = { kind: 'to', lon, lat, zoom: Math.max(ZOOM_MIN, viewport.value.zoom) };
  panel.value = { kind: 'place', at: { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) } };
}
