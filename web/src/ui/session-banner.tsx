// What somebody must know about who they are to the register: no accounts yet, a session that ended, a step before work.
import { t, type TextKey } from '../i18n/text';
import { panel } from '../state/panel';
import { hasEnded, isWorkstation, nextStep, wasIdle } from '../state/session';
import { openSignIn } from './sign-in-button';

const STEPS: Record<'password' | 'second-factor', TextKey> = { password: 'session.step_password', 'second-factor': 'session.step_factor' };

export function SessionBanner() {
  if (panel.value?.kind === 'sign-in') return null;
  if (isWorkstation.value) return <Said text={t('session.workstation')} button={t('session.first')} testId="workstation" />;
  if (hasEnded.value) return <Said text={t(wasIdle.value ? 'session.idle' : 'session.ended')} button={t('session.sign_in')} testId="session-ended" />;
  return nextStep.value && <Said text={t(STEPS[nextStep.value])} button={t('session.do_step')} testId="next-step" />;
}

function Said({ text, button, testId }: { text: string; button: string; testId: string }) {
  return (
    <p class="banner is-session" role="status" data-testid={testId}>
      {text}{' '}
      <button type="button" class="link-button" onClick={openSignIn}>
        {button}
      </button>
    </p>
  );
}
