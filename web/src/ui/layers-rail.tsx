// Layers with their counts, and the legend: one list, so that a symbol is explained where it is switched.
import type { ComponentChildren } from 'preact';
import type { CollectionSummary } from '../api/types';
import { number } from '../i18n/quantity';
import { counted, language, t, type TextKey } from '../i18n/text';
import type { NothingKind } from '../map/legend-swatch';
import { SETTLED_SYMBOLS } from '../map/settled';
import { SYMBOL_CLASSES, symbolFor, type SymbolClass } from '../map/symbology';
import { knownLayers, setLayer, visibleLayers, type LayerId } from '../state/layers';
import { summary } from '../state/register';
import { session } from '../state/session';
import { isRailOpen } from './app';
import { CloseIcon } from './icons';
import { RailLists } from './rail-lists';
import { Swatch } from './swatch';

export function LayersRail() {
  return (
    <aside class="rail" id="rail" aria-label={t('layers.title')} onKeyDown={closeOnEscape}>
      <button type="button" class="icon-button rail-close" aria-label={t('app.hide_layers')} onClick={closeRail}>
        <CloseIcon />
      </button>
      {knownLayers.value.map((id) => (
        <Layer key={id} id={id} />
      ))}
      <RailLists />
      <p class="note">{t('layers.counts_note')}</p>
      <Signs />
      <Nothing />
      <p class="note">{t('basemap.note')}</p>
      <Version />
      <a class="note" href="/licences.txt" target="_blank" rel="noopener">
        {t('app.licences')}
      </a>
    </aside>
  );
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') closeRail();
}

function closeRail(): void {
  isRailOpen.value = false;
  document.getElementById('rail-switch')?.focus();
}

function Layer({ id }: { id: LayerId }) {
  const isVisible = visibleLayers.value.includes(id);
  const classes = SYMBOL_CLASSES.filter((c) => layerOf(c) === id && knownLayers.value.some((known) => known === c.layer));
  const counts = new Map(classes.map((c) => [c.id, countOf(c)]));
  const total = totalOf(id, [...counts.values()]);
  return (
    <section class={isVisible ? 'layer' : 'layer is-off'} data-layer={id}>
      <h2>
        <label class="switch">
          <input type="checkbox" role="switch" checked={isVisible} onChange={(e) => setLayer(id, e.currentTarget.checked)} />
          <span>{t(`layers.${id}`)}</span>
          {summary.value && <span class="count">{number(total)}</span>}
        </label>
      </h2>
      <ul class="legend">
        {classes.filter((c) => isWorthListing(c, counts.get(c.id))).map((c) => (
          <LegendRow key={c.id} sample={<Swatch subject={{ symbol: c }} />} count={counts.get(c.id)}>
            {c.label[language.value]}
          </LegendRow>
        ))}
      </ul>
    </section>
  );
}

// Without counts by symbol the layer still says how many records it has.
function totalOf(id: LayerId, counts: (number | null)[]): number {
  if (counts.some((n) => n !== null)) return counts.reduce<number>((sum, n) => sum + (n ?? 0), 0);
  return summary.value?.collections.find((c) => c.id === id)?.records ?? 0;
}

function layerOf({ id, layer }: SymbolClass): string {
  return SETTLED_SYMBOLS.includes(id) ? 'closed-areas' : layer;
}

// A class for what states no known code is explained only where such records exist.
function isWorthListing({ id }: SymbolClass, count: number | null | undefined): boolean {
  return !['hazard-other', 'release-other'].includes(id) || (count ?? 0) > 0;
}

/** Records of the whole register drawn with this symbol; null while the register has not answered. */
function countOf(symbol: SymbolClass): number | null {
  const collection = summary.value?.collections.find((c) => c.id === symbol.layer);
  if (!collection) return summary.value ? 0 : null;
  return isTold(collection, symbol) ? rowsOf(collection, symbol).reduce((sum, row) => sum + row.records, 0) : null;
}

// Counts that are not parted by what parts the symbols say nothing about a single symbol.
function isTold({ counts }: CollectionSummary, { layer }: SymbolClass): boolean {
  const names = SYMBOL_CLASSES.filter((c) => c.layer === layer).flatMap(({ when }) => Object.keys(when));
  return counts.length === 0 || names.every((name) => counts.some((row) => name in row));
}

function rowsOf({ counts }: CollectionSummary, symbol: SymbolClass): CollectionSummary['counts'] {
  return counts.filter((row) => symbolFor(symbol.layer, row)?.id === symbol.id);
}

function LegendRow({ sample, count, children }: { sample: ComponentChildren; count?: number | null | undefined; children: ComponentChildren }) {
  return (
    <li>
      {sample}
      <span>{children}</span>
      {count !== undefined && count !== null && <span class="count">{number(count)}</span>}
    </li>
  );
}

function Signs() {
  return (
    <ul class="legend">
      <LegendRow sample={<Swatch subject={{ sign: 'unverified' }} />}>{t('layers.unverified')}</LegendRow>
      <LegendRow sample={<Swatch subject={{ sign: 'merged' }} />}>{t('layers.merged')}</LegendRow>
      <LegendRow sample={<Swatch subject={{ sign: 'band' }} />}>{t('layers.band')}</LegendRow>
      {session.value?.mode === 'accounts' && <LegendRow sample={<Swatch subject={{ sign: 'cells' }} />}>{t('public.legend')}</LegendRow>}
    </ul>
  );
}

const NOTHINGS: [NothingKind, TextKey][] = [
  ['unsurveyed', 'ground.unsurveyed'],
  ['surveyed', 'ground.surveyed'],
  ['not_loaded', 'ground.not_loaded'],
  ['outside', 'ground.outside'],
];

function Nothing() {
  return (
    <section class="nothing">
      <h2>{t('nothing.title')}</h2>
      <p>{t('nothing.note')}</p>
      <ul class="legend">
        {NOTHINGS.map(([kind, key]) => (
          <LegendRow key={kind} sample={<Swatch subject={{ nothing: kind }} />}>
            {t(key)}
          </LegendRow>
        ))}
      </ul>
    </section>
  );
}

function Version() {
  const known = summary.value;
  if (!known) return null;
  const records = known.collections.reduce((sum, c) => sum + c.records, 0);
  return (
    <p class="note">
      {t('app.version', { version: known.version, revision: number(known.revision) })} · {counted('layers.records', records)}
    </p>
  );
}
