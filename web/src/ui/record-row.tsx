// One record in a list: symbol, name, class, and whatever the list adds.
import type { ComponentChildren } from 'preact';
import type { RecordFeature } from '../api/types';
import { language, t } from '../i18n/text';
import { SYMBOL_CLASSES, symbolFor, type Properties, type SymbolClass } from '../map/symbology';
import { openRecord } from '../state/panel';
import { isPublicView } from '../state/session';
import { Swatch } from './swatch';
import { collectionLabel } from './value-text';

interface Row {
  collection: string;
  id: string;
  name: string | null;
  symbol: SymbolClass | undefined;
  children?: ComponentChildren;
}

export function RecordRow({ collection, id, name, symbol, children }: Row) {
  return (
    <li class="record-row">
      <button type="button" onClick={() => openRecord(collection, id)}>
        {symbol && <Swatch subject={{ symbol }} />}
        <span class="record-row-text">
          <strong>{name ?? t(isPublicView.value ? 'public.no_name' : 'record.no_name')}</strong>
          <span>{symbol?.label[language.value] ?? collectionLabel(collection)}</span>
          {children}
        </span>
      </button>
    </li>
  );
}

export function symbolById(id: string): SymbolClass | undefined {
  return SYMBOL_CLASSES.find((c) => c.id === id);
}

export function symbolOf(collection: string, { properties }: RecordFeature): SymbolClass | undefined {
  return symbolFor(collection, { ...(properties as Properties), ...tagsOf(collection, properties) });
}

// What the tiles say in a tag of its own and a record says in its fields.
function tagsOf(collection: string, properties: RecordFeature['properties']): Properties {
  return collection === 'explosive-items' ? { state: properties['disposed_on'] ? 'disposed' : 'present' } : {};
}

export function nameOf({ properties }: RecordFeature): string | null {
  const name = properties['name'] ?? properties['external_id'];
  return typeof name === 'string' && name !== '' ? name : null;
}

/** What stands in the place of a name: it may be missing, or not be for everybody. */
export function noName({ properties }: RecordFeature): string {
  return t(properties['public_form'] === undefined ? 'record.no_name' : 'public.no_name');
}
