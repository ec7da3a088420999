// What must be read before the map is believed: invented data, the past, no connection, hidden hazards, failed tiles.
import type { Summary } from '../api/types';
import { age, dateTime } from '../i18n/quantity';
import { counted, t } from '../i18n/text';
import { hiddenHazards, hidesHazards, showHazards, visibleLayers } from '../state/layers';
import { backToNow, isPast, knownAt } from '../state/past';
import { isPendingUnknown } from '../state/proposals';
import { answeredAt, isUnreachable, now, pastRefusal, summary } from '../state/register';
import { may, session } from '../state/session';
import { tileCounts } from '../state/viewport';
import { SessionBanner } from './session-banner';
import { SignInButton } from './sign-in-button';
import { WorkBanner } from './work-banner';

export function Banners() {
  return (
    <div class="banners">
      {summary.value && summary.value.synthetic_records > 0 && <Synthetic of={summary.value} />}
      <div role="status" aria-live="polite">
        {isPast.value && <Past />}
        {isUnreachable.value && <p class="banner is-stale">{staleText()}</p>}
        {tileCounts.value.failed > 0 && <p class="banner is-stale">{counted('banner.failed', tileCounts.value.failed)}</p>}
        {isPendingUnknown.value && <p class="banner is-stale">{t('proposals.failed')}</p>}
        {hidesHazards.value && <HiddenHazards />}
      </div>
      <SessionBanner />
      <WorkBanner />
    </div>
  );
}

function Past() {
  return (
    <p class="banner is-past" data-testid="past">
      <strong>{pastText()}</strong>
      {!may('read_past') && <SignInButton />}
      <button type="button" class="link-button" onClick={backToNow}>
        {t('past.back')}
      </button>
    </p>
  );
}

function pastText(): string {
  if (session.value && !may('read_past')) return t('past.needs_account');
  if (pastRefusal.value) return t('past.refused', { reason: pastRefusal.value });
  const at = knownAt.value ?? '';
  if (!/^\d+$/.test(at)) return t('past.banner', { time: /T/.test(at) ? dateTime(at) : at });
  const recorded = summary.value?.recorded_at;
  return t('past.banner', { time: t('history.revision', { n: at }) + (recorded ? `, ${dateTime(recorded)}` : '') });
}

// Real hazards among invented ones must never be covered by a word that says they are not real.
function Synthetic({ of }: { of: Summary }) {
  const all = of.collections.reduce((sum, collection) => sum + collection.records, 0);
  return (
    <p class="banner is-synthetic" data-testid="synthetic">
      {of.synthetic_records === all ? t('banner.synthetic') : counted('banner.partly_synthetic', all - of.synthetic_records)}
    </p>
  );
}

function staleText(): string {
  const since = answeredAt.value;
  if (!since) return t('banner.never');
  return t('banner.stale', { time: dateTime(since), age: age(since, now.value) });
}

function HiddenHazards() {
  const hidden = hiddenHazards(summary.value?.collections ?? [], visibleLayers.value);
  return (
    <p class="banner is-hidden" data-testid="hidden-hazards">
      {counted('banner.hidden', hidden)}
      <button type="button" class="link-button" onClick={showHazards}>
        {t('banner.show_all')}
      </button>
    </p>
  );
}
