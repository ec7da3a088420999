// Starts the page: state from the address, then the register, then the screen.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { language, t } from './i18n/text';
import { followAddressBar } from './state/address-bar';
import { followDraft } from './state/draft';
import { followSession } from './state/session';
import { followIdleness } from './state/idle';
import { followProposals } from './state/proposals';
import { extent, followRegister } from './state/register';
import { wantedMove } from './state/viewport';
import { App } from './ui/app';
import './ui/style.css';

const namesPlace = followAddressBar();
followRegister();
followSession();
followIdleness();
followProposals();
followDraft();
effect(() => {
  document.documentElement.lang = language.value;
  document.title = `${t('app.title')} · minemap`;
});
if (!namesPlace) lookAtEverything();
render(<App />, document.getElementById('app')!);

/** Without a place in the address the first view holds all that is recorded. */
function lookAtEverything(): void {
  const stop = effect(() => {
    if (!extent.value) return;
    wantedMove.value = { kind: 'fit', box: extent.value };
    queueMicrotask(() => stop());
  });
}
