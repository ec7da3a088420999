// Name, search, age of the data, language. The age is never hidden: old data is a hazard of its own.
import { age, dateTime } from '../i18n/quantity';
import { counted, language, LANGUAGE_MARKS, LANGUAGE_NAMES, LANGUAGES, t } from '../i18n/text';
import { panel } from '../state/panel';
import { answeredAt, isUnreachable, now, summary } from '../state/register';
import { mayWrite } from '../state/session';
import { isRailOpen } from './app';
import { AccountButton } from './account-button';
import { LayersIcon } from './icons';
import { Search } from './search';

export function TopBar() {
  return (
    <header class="bar">
      <RailSwitch />
      <h1 class="brand">
        <img src="/favicon.svg" alt="" width="24" height="24" />
        <span class="brand-name">minemap</span>
        <span class="brand-title">{t('app.title')}</span>
      </h1>
      <Search />
      {mayWrite.value && <NewRecord />}
      <DataState />
      <NotPlaced />
      <AccountButton />
      <LanguageSwitch />
    </header>
  );
}

function RailSwitch() {
  const isOpen = isRailOpen.value;
  const label = t(isOpen ? 'app.hide_layers' : 'app.layers');
  return (
    <button type="button" id="rail-switch" class="icon-button" aria-expanded={isOpen} aria-controls="rail" aria-label={label} title={label} onClick={() => (isRailOpen.value = !isOpen)}>
      <LayersIcon />
    </button>
  );
}

function NewRecord() {
  return (
    <button type="button" class="button is-main" data-testid="new-record" onClick={() => (panel.value = { kind: 'new-record' })}>
      {t('edit.new_record')}
    </button>
  );
}

function DataState() {
  const known = summary.value;
  return (
    <p class={isUnreachable.value ? 'data-state is-stale' : 'data-state'} data-testid="data-age">
      <span title={known?.recorded_at ? t('status.recorded_title', { time: dateTime(known.recorded_at) }) : undefined}>{recordedText()}</span>
      {answeredAt.value && <small>{t('status.checked', { age: age(answeredAt.value, now.value) })}</small>}
    </p>
  );
}

function recordedText(): string {
  const known = summary.value;
  if (!known) return t('status.waiting');
  return known.recorded_at ? t('status.recorded', { age: age(known.recorded_at, now.value) }) : t('status.no_records');
}

function NotPlaced() {
  const known = summary.value;
  if (!known) return null;
  return (
    <button type="button" class={known.not_placed > 0 ? 'chip is-warning' : 'chip'} data-testid="not-placed" onClick={() => (panel.value = { kind: 'not-placed' })}>
      {counted('status.not_placed', known.not_placed)}
    </button>
  );
}

function LanguageSwitch() {
  return (
    <div class="languages" role="group" aria-label={t('app.language')}>
      {LANGUAGES.map((code) => (
        <button type="button" key={code} lang={code} title={LANGUAGE_NAMES[code]} aria-pressed={language.value === code} onClick={() => (language.value = code)}>
          {LANGUAGE_MARKS[code]}
        </button>
      ))}
    </div>
  );
}
