// The address after the # says what the map shows: #zoom/lat/lon&sel=collection/id&layers=a,b&at=moment&lang=uk
import type { Language } from '../i18n/text';
import { inOrder, LAYERS_AT_START, type LayerId } from './layers';
import { readMoment } from './past';
import type { Viewport } from './viewport';

export interface Permalink {
  viewport: Viewport | null;
  selected: { collection: string; id: string } | null;
  /** null: as at the start. An empty list means that every layer is hidden. */
  layers: LayerId[] | null;
  /** A revision or a time; null: as it is now. */
  knownAt: string | null;
  language: Language | null;
}

export function formatPermalink({ viewport, selected, layers, knownAt, language }: Permalink): string {
  const parts: string[] = [];
  if (viewport) parts.push(`${viewport.zoom}/${viewport.lat.toFixed(5)}/${viewport.lon.toFixed(5)}`);
  if (selected) parts.push(`sel=${encodeURIComponent(selected.collection)}/${encodeURIComponent(selected.id)}`);
  if (layers && layers.join() !== LAYERS_AT_START.join()) parts.push(`layers=${layers.join(',')}`);
  if (knownAt) parts.push(`at=${encodeURIComponent(knownAt)}`);
  if (language) parts.push(`lang=${language}`);
  return `#${parts.join('&')}`;
}

export function parsePermalink(hash: string): Permalink {
  const parts = hash.replace(/^#/, '').split('&');
  const value = (name: string) => parts.find((p) => p.startsWith(`${name}=`))?.slice(name.length + 1);
  const layers = value('layers');
  return {
    viewport: parseViewport(parts[0] ?? ''),
    selected: parseSelected(value('sel')),
    layers: layers === undefined ? null : inOrder(layers.split(',')),
    knownAt: readMoment(decoded(value('at') ?? '')),
    language: parseLanguage(value('lang')),
  };
}

export interface Entry {
  /** Token of the first administrator. */
  setup: string | null;
  /** A provider signed nobody in. */
  isRefused: boolean;
  /** The address without them. */
  rest: string;
}

/** What an address asks for beside the map: to make the first administrator, or to hear that signing in failed. */
export function readEntry(hash: string): Entry | null {
  const parts = hash.replace(/^#/, '').split('&');
  const isOurs = (part: string) => part.startsWith('setup=') || part === 'sign-in=failed';
  if (!parts.some(isOurs)) return null;
  const setup = parts.find((part) => part.startsWith('setup='))?.slice('setup='.length);
  return { setup: setup ? decoded(setup) : null, isRefused: parts.includes('sign-in=failed'), rest: `#${parts.filter((part) => !isOurs(part)).join('&')}` };
}

function parseViewport(text: string): Viewport | null {
  const match = /^(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(text);
  if (!match) return null;
  const [zoom, lat, lon] = match.slice(1).map(Number) as [number, number, number];
  return zoom <= 19 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}

function parseSelected(text: string | undefined): Permalink['selected'] {
  const [collection, id] = (text ?? '').split('/').map(decoded);
  return collection && id ? { collection, id } : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function parseLanguage(text: string | undefined): Language | null {
  return text === 'en' || text === 'uk' ? text : null;
}
