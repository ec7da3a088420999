// Chooses the moment as of which the register is shown: a slider over its life, and a field for an exact time.
import { useEffect, useState } from 'preact/hooks';
import { dateTime } from '../i18n/quantity';
import { t } from '../i18n/text';
import { askFirstRecorded, backToNow, firstRecordedAt, isPast, isTimeBarOpen, knownAt, momentAt, placeOf, showAsKnown } from '../state/past';
import { lastRecordedAt, summary } from '../state/register';

const SLIDER_MAX = 1000;

export function TimeBar() {
  const [isFailed, setFailed] = useState(false);
  useEffect(() => void askFirstRecorded().catch(() => setFailed(true)), []);
  const [first, last] = [firstRecordedAt.value, lastRecordedAt.value];
  return (
    <section class="time-bar" aria-label={t('past.choose')} data-testid="time-bar">
      {first && last && <Slider first={first} last={last} />}
      {isFailed && <p role="alert" class="problem">{t('past.life_unknown')}</p>}
      <label>
        {t('past.time')}
        <input type="datetime-local" step="1" value={localTime(shownTime())} onChange={(event) => goTo(event.currentTarget.value)} />
      </label>
      <button type="button" class="small-button" onClick={() => ((isTimeBarOpen.value = false), backToNow())}>
        {t(isPast.value ? 'past.back' : 'app.close')}
      </button>
    </section>
  );
}

function Slider({ first, last }: { first: string; last: string }) {
  const shown = shownTime();
  const [place, setPlace] = useState<number | null>(null);
  const at = place ?? (isPast.value && shown ? placeOf(shown, first, last) : SLIDER_MAX);
  const time = at === SLIDER_MAX ? t('past.now') : dateTime(momentAt(at, first, last));
  const settle = (value: number) => {
    setPlace(null);
    if (value === SLIDER_MAX) backToNow();
    else showAsKnown(momentAt(value, first, last));
  };
  return (
    <label class="time-slider">
      <span>
        {dateTime(first)} – {dateTime(last)}
      </span>
      <input
        type="range"
        min="0"
        max={SLIDER_MAX}
        value={at}
        aria-label={t('past.choose')}
        aria-valuetext={time}
        onInput={(event) => setPlace(Number(event.currentTarget.value))}
        onChange={(event) => settle(Number(event.currentTarget.value))}
      />
      <output>{time}</output>
    </label>
  );
}

/** The time that is shown; of a revision, when it was recorded. */
function shownTime(): string | null {
  const at = knownAt.value;
  if (at === null) return null;
  return /^\d+$/.test(at) ? (summary.value?.recorded_at ?? null) : at;
}

// The field speaks of this machine's clock, as every other time on the screen does.
function localTime(iso: string | null): string {
  if (!iso) return '';
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function goTo(local: string): void {
  const time = new Date(local);
  if (local && !Number.isNaN(time.getTime())) showAsKnown(time.toISOString());
}
