// Keeps the address bar and the state in step. Opening or closing a record is a step the browser's back button can
// undo; moving the map and switching layers are not.
import { effect } from '@preact/signals';
import { language } from '../i18n/text';
import { LAYERS_AT_START, visibleLayers } from './layers';
import { panel, selected } from './panel';
import { knownAt } from './past';
import { formatPermalink, parsePermalink, readEntry } from './permalink';
import { isIssuerRefused, setupToken } from './session';
import { viewport, wantedMove } from './viewport';

/** Reads the address, then follows it; answers whether it named a place to look at. */
export function followAddressBar(): boolean {
  const named = readAddress();
  window.addEventListener('hashchange', readAddress);
  effect(writeAddress);
  return named;
}

function readAddress(): boolean {
  takeEntry();
  const link = parsePermalink(location.hash);
  if (link.language) language.value = link.language;
  knownAt.value = link.knownAt;
  visibleLayers.value = link.layers ?? LAYERS_AT_START;
  if (link.selected) panel.value = { kind: 'record', ...link.selected, back: null };
  else if (panel.value?.kind === 'record') panel.value = null;
  if (!link.viewport) return false;
  viewport.value = link.viewport;
  wantedMove.value = { kind: 'to', ...link.viewport };
  return true;
}

// A token of the first administrator stands neither in the address bar nor in the browser's history for longer than
// it takes to read it.
function takeEntry(): void {
  const entry = readEntry(location.hash);
  if (!entry) return;
  if (entry.setup !== null) setupToken.value = entry.setup;
  isIssuerRefused.value = entry.isRefused;
  history.replaceState(null, '', entry.rest);
  panel.value = { kind: 'sign-in', back: null };
}

export function currentPermalink(): string {
  const record = selected.value;
  return formatPermalink({
    viewport: viewport.value,
    selected: record && { collection: record.collection, id: record.id },
    layers: visibleLayers.value,
    knownAt: knownAt.value,
    language: language.value,
  });
}

function writeAddress(): void {
  const link = currentPermalink();
  if (link === location.hash) return;
  const isStep = selected.value?.id !== parsePermalink(location.hash).selected?.id;
  if (isStep) history.pushState(null, '', link);
  else history.replaceState(null, '', link);
}
