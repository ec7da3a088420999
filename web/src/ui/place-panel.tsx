// What the register knows about a place: hazards that contain it, hazards nearby, and what an empty answer means.
import { fetchAt, fetchNear, NEAR_RADIUS_M } from '../api/register';
import type { QueryAnswer, RecordFeature } from '../api/types';
import { dateTime, direction, distance } from '../i18n/quantity';
import { counted, t } from '../i18n/text';
import { knownAt } from '../state/past';
import { moment } from '../state/register';
import type { Place } from '../state/viewport';
import { PlaceHeading } from './place-heading';
import { nameOf, RecordRow, symbolOf } from './record-row';
import { useAnswer } from './use-answer';
import { worstCaseDistance } from './worst-case';

export function PlacePanel({ at }: { at: Place }) {
  const ask = () => Promise.all([fetchAt(at.lon, at.lat, knownAt.value), fetchNear(at.lon, at.lat, knownAt.value)]);
  const answer = useAnswer(ask, [at.lon, at.lat, moment.value]);
  return (
    <>
      <PlaceHeading at={at} />
      {answer.state === 'waiting' && <p role="status">{t('place.working')}</p>}
      {answer.state === 'failed' && <p class="warning" role="alert">{t('place.failed')}</p>}
      {answer.state === 'answered' && <Answers inside={answer.value[0]} near={answer.value[1]} />}
    </>
  );
}

function Answers({ inside, near }: { inside: QueryAnswer; near: QueryAnswer }) {
  const radius = distance(NEAR_RADIUS_M);
  const containing = new Set(inside.features.map((f) => f.id));
  const others = near.features.filter((f) => !containing.has(f.id));
  const isNothing = inside.features.length === 0 && others.length === 0;
  const as_of = dateTime(near.as_of);
  return (
    <div data-testid="place-answer">
      <p class="warning">{isNothing ? t('place.none', { d: radius, date: as_of }) : t('place.never_safe', { date: as_of })}</p>
      <List title={t('place.inside')} features={inside.features} />
      <List title={t('place.near', { d: radius })} features={others} isMeasured />
      {(near.more ?? 0) > 0 && <p class="warning">{counted('place.more', near.more ?? 0)}</p>}
      {[...inside.features, ...others].some(isCells) && <p class="warning">{t('public.cells_here')}</p>}
      {others.length > 0 && <p class="note">{t('place.distance_note')}</p>}
      {near.not_placed > 0 && <p class="note">{counted('place.not_placed', near.not_placed)}</p>}
    </div>
  );
}

function isCells({ properties }: RecordFeature): boolean {
  return properties['public_form'] === 'cells';
}

function List({ title, features, isMeasured = false }: { title: string; features: RecordFeature[]; isMeasured?: boolean }) {
  if (features.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul class="records">
        {features.map((f) => (
          <RecordRow key={f.id} collection={collectionOf(f)} id={f.id} name={nameOf(f)} symbol={symbolOf(collectionOf(f), f)}>
            {isMeasured && <span class="distance">{distanceText(f)}</span>}
          </RecordRow>
        ))}
      </ul>
    </section>
  );
}

function collectionOf({ properties }: RecordFeature): string {
  return String(properties['collection'] ?? 'hazardous-areas');
}

function distanceText(feature: RecordFeature): string {
  const metres = worstCaseDistance(feature);
  if (metres <= 0) return t('place.may_be_inside');
  const towards = feature.bearing_deg === undefined ? '' : `, ${t('place.direction', { direction: direction(feature.bearing_deg) })}`;
  return t('place.at_least', { d: distance(metres) }) + towards;
}
