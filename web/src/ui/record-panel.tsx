// One record with all its fields, as the register holds them.
import { Refusal } from '../api/ask';
import { fetchRecord, recordAddress } from '../api/register';
import type { Finding, Properties, RecordFeature, Value } from '../api/types';
import { language, t } from '../i18n/text';
import { boxOfGeometry } from '../map/geometry-box';
import { currentPermalink } from '../state/address-bar';
import { HAZARD_LAYERS } from '../state/layers';
import { isPast, knownAt } from '../state/past';
import { panel, type Panel } from '../state/panel';
import { may, mayChange, mayVerifyRecord } from '../state/session';
import { moment } from '../state/register';
import { wantedMove } from '../state/viewport';
import { startChange } from './begin-work';
import { Completeness } from './completeness';
import { HistorySection } from './history-section';
import { lazily } from './lazily';
import { CopyButton } from './place-heading';
import { PublicForm } from './public-form';
import { ProposalsOfRecord } from './proposals-of-record';
import { FieldList, fieldsOf } from './record-fields';
import { RecordFindings } from './record-findings';
import { nameOf, noName, symbolOf } from './record-row';
import { SignInNote } from './sign-in-button';
import { Swatch } from './swatch';
import { hasPlace } from './value-text';
import { useAnswer } from './use-answer';

// Only for those who write.
const VerifyForm = lazily(() => import('./reason-form').then((part) => part.VerifyForm));
const ReleaseForm = lazily(() => import('./reason-form').then((part) => part.ReleaseForm));
const WithdrawForm = lazily(() => import('./reason-form').then((part) => part.WithdrawForm));

export function RecordPanel({ collection, id, back }: { collection: string; id: string; back: Panel | null }) {
  const answer = useAnswer(() => fetchRecord(collection, id, knownAt.value), [collection, id, moment.value]);
  return (
    <>
      {back && (
        <button type="button" class="link-button" onClick={() => (panel.value = back)}>
          {t(back.kind === 'place' ? 'place.ask' : 'record.back')}
        </button>
      )}
      {answer.state === 'waiting' && <p role="status">{t('record.loading')}</p>}
      {answer.state === 'failed' && <p class="warning" role="alert">{failureText(answer.problem)}</p>}
      {answer.state === 'answered' && <Details collection={collection} record={answer.value} />}
    </>
  );
}

function failureText(problem: unknown): string {
  const isUnknownThen = isPast.value && problem instanceof Refusal && problem.status === 404;
  return t(isUnknownThen ? 'past.no_record' : 'record.failed');
}

function Details({ collection, record }: { collection: string; record: RecordFeature }) {
  const { properties } = record;
  return (
    <article class="record" data-testid="record">
      <Title collection={collection} record={record} />
      <PublicForm properties={properties} />
      <Unreviewed collection={collection} properties={properties} />
      {properties['withdrawn'] === true && <p class="warning">{t('record.withdrawn')}</p>}
      {collection === 'land-releases' && <p class="warning">{t('record.released')}</p>}
      {!record.geometry && hasPlace(collection) && <p class="warning">{t('record.not_placed')}</p>}
      <Actions collection={collection} record={record} />
      <ProposalsOfRecord id={record.id} />
      <Completeness collection={collection} properties={properties} />
      <FieldList collection={collection} fields={fieldsOf(collection, properties)} />
      <RecordFindings collection={collection} id={record.id} findings={properties['findings'] as unknown as Finding[] | undefined} />
      <More title={t('record.as_entered')} value={properties['as_entered']} />
      <More title={t('record.attributes')} value={properties['attributes']} />
      {may('read_history') && <HistorySection collection={collection} id={record.id} />}
      <SignInNote />
      {mayVerifyRecord(properties) && <VerifyForm collection={collection} record={record} />}
      {mayChange(properties) && isUncountedRelease(collection, record) && <ReleaseForm collection={collection} record={record} />}
      {mayChange(properties) && <WithdrawForm collection={collection} record={record} />}
    </article>
  );
}

function Unreviewed({ collection, properties }: { collection: string; properties: Properties }) {
  if (collection === 'land-releases') return properties['review'] === 'approved' ? null : <p class="warning">{t('record.release_unapproved')}</p>;
  const isHazard = HAZARD_LAYERS.some((id) => id === collection);
  return isHazard && properties['review'] === 'unverified' ? <p class="warning">{t('record.unverified')}</p> : null;
}

function isUncountedRelease(collection: string, { properties }: RecordFeature): boolean {
  return collection === 'land-releases' && properties['review'] !== 'approved';
}

function Title({ collection, record }: { collection: string; record: RecordFeature }) {
  const symbol = symbolOf(collection, record);
  return (
    <div class="record-title">
      {symbol && <Swatch subject={{ symbol }} />}
      <h3>
        {nameOf(record) ?? noName(record)}
        {symbol && <small>{symbol.label[language.value]}</small>}
      </h3>
    </div>
  );
}

function Actions({ collection, record }: { collection: string; record: RecordFeature }) {
  const box = boxOfGeometry(record.geometry);
  return (
    <p class="actions">
      {mayChange(record.properties) && (
        <button type="button" class="small-button" data-testid="edit" onClick={() => startChange(collection, record)}>
          {t('edit.edit')}
        </button>
      )}
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
