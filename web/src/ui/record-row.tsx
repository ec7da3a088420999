// One record in a list: symbol, name, class, and whatever the list adds.
import type { ComponentChildren } from 'preact';
import type { RecordFeature } from '../api/types';
import { language, t } from '../i18n/text';
import { SYMBOL_CLASSES, symbolFor, type Properties, type SymbolClass } from '../map/symbology';
import { openRecord } from '../state/panel';
import { Swatch } from './swatch';

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
          <strong>{name ?? t('record.no_name')}</strong>
          <span>{symbol?.label[language.value] ?? collection}</span>
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
  return symbolFor(collection, properties as Properties);
}

export function nameOf({ properties }: RecordFeature): string | null {
  const name = properties['name'] ?? properties['external_id'];
  return typeof name === 'string' && name !== '' ? name : null;
}
