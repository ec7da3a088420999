// The way to sign in, from wherever something needs an account.
import { t } from '../i18n/text';
import { panel } from '../state/panel';
import { isPublicView, me } from '../state/session';

export function openSignIn(): void {
  const before = panel.value;
  panel.value = { kind: 'sign-in', back: before?.kind === 'sign-in' ? before.back : before };
}

export function SignInButton() {
  if (me.value) return null;
  return (
    <button type="button" class="link-button" onClick={openSignIn}>
      {t('session.sign_in')}
    </button>
  );
}

/** At the end of a record: what is not shown to everybody. */
export function SignInNote() {
  if (!isPublicView.value) return null;
  return (
    <p class="note" data-testid="sign-in-note">
      {t('public.more')} <SignInButton />
    </p>
  );
}
