// Begins a form. There is one piece of unsaved work at a time; beginning another asks what becomes of it.
import type { Properties, RecordFeature } from '../api/types';
import { t } from '../i18n/text';
import { beginChange, beginNew, discardDraft, draft, hasUnsavedWork, isLeftOver, isOwnWork } from '../state/draft';
import { endDrawing } from '../state/drawing';
import { panel } from '../state/panel';
import { session } from '../state/session';

// Where a record stands when it is made: in the form, to be seen and changed.
const AT_FIRST: Record<string, Properties> = {
  'hazardous-areas': { status: 'open' },
  'minefield-records': { status: 'open' },
  'hazard-reports': { triage: 'new' },
};

export function startNew(collection: string): void {
  if (!mayBegin()) return;
  beginNew(collection, { reported_on: today(), ...AT_FIRST[collection], ...ownOrganisation() });
  panel.value = { kind: 'edit' };
}

// Whoever writes for one organisation need not say for which.
function ownOrganisation(): Properties {
  const [own, ...others] = session.value?.organisations ?? [];
  return own !== undefined && others.length === 0 ? { organisation: own } : {};
}

export function startChange(collection: string, record: RecordFeature): void {
  if (draft.value?.id === record.id && hasUnsavedWork.value && isOwnWork.value) return continueWork();
  if (!mayBegin()) return;
  beginChange(collection, record);
  panel.value = { kind: 'edit' };
}

export function continueWork(): void {
  isLeftOver.value = false;
  panel.value = { kind: 'edit' };
}

/** Throws the unsaved work away, once somebody has said so. */
export function discardWork(): boolean {
  if (hasUnsavedWork.value && !window.confirm(t('edit.discard_ask'))) return false;
  endDrawing();
  discardDraft();
  if (panel.value?.kind === 'edit') panel.value = null;
  return true;
}

function mayBegin(): boolean {
  if (!hasUnsavedWork.value) return true;
  return window.confirm(t('edit.replace_ask')) && (endDrawing(), true);
}

// By this machine's calendar: what somebody writes down today was reported today where they are.
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
