// The panel on the right (at the bottom on a phone): a place, records, lists, a form.
import { useEffect, useRef } from 'preact/hooks';
import { counted, t } from '../i18n/text';
import { draft, savedAs } from '../state/draft';
import { drawing, endDrawing } from '../state/drawing';
import { closePanel, panel, type Panel } from '../state/panel';
import { isWorkstation, me } from '../state/session';
import { FoundPanel } from './found-panel';
import { CloseIcon } from './icons';
import { InViewPanel } from './in-view-panel';
import { lazily } from './lazily';
import { ListedPanel } from './listed-panel';
import { NewRecordPanel } from './new-record-panel';
import { NotPlacedPanel } from './not-placed-panel';
import { PlacePanel } from './place-panel';
import { ProposalsPanel } from './proposals-panel';
import { RecordPanel } from './record-panel';
import { collectionLabel } from './value-text';

const EditPanel = lazily(() => import('./edit/edit-panel').then((part) => part.EditPanel));
const SignInPanel = lazily(() => import('./account/sign-in-panel').then((part) => part.SignInPanel));
const AccountPanel = lazily(() => import('./account/account-panel').then((part) => part.AccountPanel));
const AccountsPanel = lazily(() => import('./account/accounts-panel').then((part) => part.AccountsPanel));
const AuditPanel = lazily(() => import('./account/audit-panel').then((part) => part.AuditPanel));
const FindingsPanel = lazily(() => import('./findings-panel').then((part) => part.FindingsPanel));

export function SidePanel() {
  const shown = panel.value;
  const heading = useRef<HTMLHeadingElement>(null);
  useCloseOnEscape();
  // Whoever works by keyboard or ear is taken to what has opened.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [shown]);
  // A drawing belongs to its form.
  useEffect(() => {
    if (shown?.kind !== 'edit') endDrawing();
  }, [shown?.kind]);
  if (!shown) return null;
  return (
    <aside class="panel" aria-labelledby="panel-title" data-panel={shown.kind}>
      <div class="panel-head">
        <h2 id="panel-title" ref={heading} tabIndex={-1}>
          {titleOf(shown)}
        </h2>
        <button type="button" class="icon-button" aria-label={t('app.close')} title={t('app.close')} onClick={closeAndReturn}>
          <CloseIcon />
        </button>
      </div>
      <div class="panel-body">{bodyOf(shown)}</div>
    </aside>
  );
}

// A form is closed on purpose only; a token or a password that is shown once must not vanish by a stray key.
const ON_PURPOSE: Panel['kind'][] = ['edit', 'sign-in', 'account', 'accounts'];

function useCloseOnEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // While drawing, Escape takes back the shape in work.
      if (event.key === 'Escape' && panel.value && !ON_PURPOSE.includes(panel.value.kind) && !drawing.value) closeAndReturn();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function closeAndReturn(): void {
  closePanel();
  document.getElementById('map')?.focus({ preventScroll: true });
}

function titleOf(shown: Panel): string {
  switch (shown.kind) {
    case 'place':
      return t('place.title');
    case 'record':
      return collectionLabel(shown.collection);
    case 'not-placed':
      return t('notplaced.title');
    case 'in-view':
      return t('inview.title');
    case 'proposals':
      return t('proposals.title');
    case 'findings':
      return t('record.findings');
    case 'listed':
      return collectionLabel(shown.collection);
    case 'new-record':
      return t('edit.new_record');
    case 'edit':
      if (savedAs.value) return collectionLabel(savedAs.value.collection);
      return t(draft.value?.id ? 'edit.change_of' : 'edit.new_of', { collection: collectionLabel(draft.value?.collection ?? '') });
    case 'sign-in':
      if (me.value) return t('session.account', { name: me.value.name });
      return t(isWorkstation.value ? 'session.first' : 'session.sign_in');
    case 'account':
      return t('session.account', { name: me.value?.name ?? '' });
    case 'accounts':
      return t('session.accounts');
    case 'audit':
      return t('session.audit');
    case 'found':
      return counted('hits.title', shown.records.reduce((sum, r) => sum + r.count, 0));
  }
}

function bodyOf(shown: Panel) {
  switch (shown.kind) {
    case 'place':
      return <PlacePanel at={shown.at} />;
    case 'record':
      return <RecordPanel key={shown.id} collection={shown.collection} id={shown.id} back={shown.back} />;
    case 'not-placed':
      return <NotPlacedPanel />;
    case 'in-view':
      return <InViewPanel />;
    case 'proposals':
      return <ProposalsPanel />;
    case 'findings':
      return <FindingsPanel />;
    case 'listed':
      return <ListedPanel collection={shown.collection} />;
    case 'new-record':
      return <NewRecordPanel />;
    case 'edit':
      return <EditPanel />;
    case 'sign-in':
      return <SignInPanel back={shown.back} />;
    case 'account':
      return <AccountPanel />;
    case 'accounts':
      return <AccountsPanel />;
    case 'audit':
      return <AuditPanel />;
    case 'found':
      return <FoundPanel at={shown.at} records={shown.records} />;
  }
}
