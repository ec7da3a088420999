// Every version of a record, newest first: who, when, why, what differs, and the map as it was known then.
import { useState } from 'preact/hooks';
import type { Version } from '../api/types';
import { fetchHistory } from '../api/write';
import { dateTime } from '../i18n/quantity';
import { hasText, t } from '../i18n/text';
import { showAsKnown } from '../state/past';
import { accountName, may } from '../state/session';
import { revision } from '../state/register';
import { Differences } from './differences';
import { useAnswer } from './use-answer';

export function HistorySection({ collection, id }: { collection: string; id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details data-testid="history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('history.title')}</summary>
      {isOpen && <Versions collection={collection} id={id} />}
    </details>
  );
}

function Versions({ collection, id }: { collection: string; id: string }) {
  const answer = useAnswer(() => fetchHistory(collection, id), [collection, id, revision.value]);
  if (answer.state === 'waiting') return <p role="status">{t('place.working')}</p>;
  if (answer.state === 'failed') return <p class="warning" role="alert">{t('history.failed')}</p>;
  return (
    <ol class="timeline" reversed>
      {[...answer.value.versions].reverse().map((version) => (
        <Entry key={`${version.revision} ${version.action}`} collection={collection} version={version} />
      ))}
    </ol>
  );
}

function Entry({ collection, version }: { collection: string; version: Version }) {
  return (
    <li>
      <strong>{actionText(version.action)}</strong>
      <p>
        <time dateTime={version.recorded_at}>{dateTime(version.recorded_at)}</time> · {accountName(version.author)} · {t('history.revision', { n: version.revision })}
      </p>
      {version.reason && <p>{t('history.reason', { reason: version.reason })}</p>}
      {version.geometry_changed && <p>{t('history.geometry_changed')}</p>}
      <Differences
        collection={collection}
        differences={version.differences.filter(({ field }) => field !== 'geometry')}
        from={version.area_m2_from}
        to={version.area_m2_to}
      />
      {may('read_past') && (
        <button type="button" class="link-button" onClick={() => showAsKnown(version.revision)}>
          {t('history.show_then')}
        </button>
      )}
    </li>
  );
}

function actionText(action: string): string {
  const key = `action.${action}`;
  return hasText(key) ? t(key) : action;
}
