// One record with all its fields, as the register holds them.
import { fetchRecord, recordAddress } from '../api/register';
import type { Finding, RecordFeature, Value } from '../api/types';
import { language, t } from '../i18n/text';
import { currentPermalink } from '../state/address-bar';
import { panel, type Panel } from '../state/panel';
import { revision } from '../state/register';
import { wantedMove } from '../state/viewport';
import { boxOfGeometry } from './geometry-box';
import { CopyButton } from './place-heading';
import { FieldList, fieldsOf } from './record-fields';
import { nameOf, symbolOf } from './record-row';
import { Swatch } from './swatch';
import { useAnswer } from './use-answer';

export function RecordPanel({ collection, id, back }: { collection: string; id: string; back: Panel | null }) {
  const answer = useAnswer(() => fetchRecord(collection, id), [collection, id, revision.value]);
  return (
    <>
      {back && (
        <button type="button" class="link-button" onClick={() => (panel.value = back)}>
          {t(back.kind === 'place' ? 'place.ask' : 'record.back')}
        </button>
      )}
      {answer.state === 'waiting' && <p role="status">{t('record.loading')}</p>}
      {answer.state === 'failed' && <p class="warning" role="alert">{t('record.failed')}</p>}
      {answer.state === 'answered' && <Details collection={collection} record={answer.value} />}
    </>
  );
}

function Details({ collection, record }: { collection: string; record: RecordFeature }) {
  const { properties } = record;
  return (
    <article class="record" data-testid="record">
      <Title collection={collection} record={record} />
      {properties['review'] === 'unverified' && <p class="warning">{t('record.unverified')}</p>}
      {collection === 'land-releases' && <p class="warning">{t('record.released')}</p>}
      {!record.geometry && <p class="warning">{t('record.not_placed')}</p>}
      <Actions collection={collection} record={record} />
      <FieldList collection={collection} fields={fieldsOf(collection, properties)} />
      <Findings findings={properties['findings'] as unknown as Finding[] | undefined} />
      <More title={t('record.as_entered')} value={properties['as_entered']} />
      <More title={t('record.attributes')} value={properties['attributes']} />
    </article>
  );
}

function Title({ collection, record }: { collection: string; record: RecordFeature }) {
  const symbol = symbolOf(collection, record);
  return (
    <div class="record-title">
      {symbol && <Swatch subject={{ symbol }} />}
      <h3>
        {nameOf(record) ?? t('record.no_name')}
        {symbol && <small>{symbol.label[language.value]}</small>}
      </h3>
    </div>
  );
}

function Actions({ collection, record }: { collection: string; record: RecordFeature }) {
  const box = boxOfGeometry(record.geometry);
  return (
    <p class="actions">
      {box && (
        <button type="button" class="small-button" onClick={() => (wantedMove.value = { kind: 'fit', box })}>
          {t('record.zoom')}
        </button>
      )}
      <CopyButton text={location.href.split('#')[0] + currentPermalink()} label={t('record.link')} />
      <a class="small-button" href={recordAddress(collection, String(record.id))} target="_blank" rel="noopener">
        {t('record.json')}
      </a>
    </p>
  );
}

function Findings({ findings }: { findings: Finding[] | undefined }) {
  if (!findings?.length) return null;
  return (
    <section class="findings">
      <h4>{t('record.findings')}</h4>
      <ul>
        {findings.map((f) => (
          <li key={f.rule + f.message} class={`is-${f.severity}`}>
            {f.message}
          </li>
        ))}
      </ul>
    </section>
  );
}

function More({ title, value }: { title: string; value: Value | undefined }) {
  if (value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return null;
  const rows = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [['', value] as [string, Value]];
  return (
    <details>
      <summary>{title}</summary>
      <FieldList collection="" fields={rows} />
    </details>
  );
}
