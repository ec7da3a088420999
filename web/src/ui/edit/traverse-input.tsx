// A traverse as it stands on paper: a known point, then bearing and distance of each leg. How far it fails to close is
// shown before it is used.
import { useRef, useState } from 'preact/hooks';
import type { Geometry, Properties, TraverseAnswer, TraverseQuestion } from '../../api/types';
import { fetchTraverse } from '../../api/write';
import { distance, number } from '../../i18n/quantity';
import { t } from '../../i18n/text';
import { kindOf, shapeOf } from '../../state/geometry';
import { refusalText } from '../refusal-text';
import type { PlaceInputProps } from './place-section';
import { ReadLines } from './read-lines';
import { useUnused } from './unused-input';
import { enteredLine, settled, useReadings, type Readings, type ReadLine } from './use-readings';

interface Leg {
  bearing: string;
  metres: string;
}

const LEG: Leg = { bearing: '', metres: '' };

export function TraverseInput({ kind, onPlace }: PlaceInputProps) {
  // A result must never stand beside figures that it was not computed from.
  const round = useRef(0);
  const forget = () => (round.current++, setUsed(false), setAnswer(null), setProblem(''));
  const about = <T,>(set: (value: T) => void) => (value: T) => (set(value), forget());
  const readings = useReadings();
  const reference: Readings = { ...readings, choose: (line, reading) => (readings.choose(line, reading), forget()) };
  const [text, setText] = useState('');
  const [asked, setAsked] = useState({ north: 'magnetic' as TraverseQuestion['north'], date: '', closes: kind === 'polygon' });
  const [legs, setLegs] = useState<Leg[]>([LEG, LEG, LEG]);
  const [answer, setAnswer] = useState<TraverseAnswer | null>(null);
  const [problem, setProblem] = useState('');
  const [isUsed, setUsed] = useState(false);
  const isFilled = text.trim() !== '' || legs.some(({ bearing, metres }) => bearing !== '' || metres !== '');
  useUnused('traverse', isFilled && !isUsed);
  const place: PlaceInputProps['onPlace'] = (geometry, entered) => (setUsed(true), onPlace(geometry, entered));
  const compute = async () => {
    const question = questionOf(reference.lines, asked, legs);
    if (!question) return setProblem(t('traverse.incomplete'));
    forget();
    const own = round.current;
    const settle = (set: () => void) => own === round.current && set();
    await fetchTraverse(question).then(
      (found) => settle(() => setAnswer(found)),
      (refusal: unknown) => settle(() => setProblem(refusalText(refusal))),
    );
  };
  const change = about(setAsked);
  return (
    <div class="traverse" data-testid="traverse">
      <label for="traverse-reference">{t('traverse.reference')}</label>
      <input id="traverse-reference" type="text" value={text} placeholder="36U XA 1234 5678" onInput={(event) => (setText(event.currentTarget.value), reference.forget(), forget())} />
      <button type="button" class="small-button" onClick={() => (forget(), void reference.read(text, ''))}>
        {t('coordinates.read')}
      </button>
      <ReadLines readings={reference} name="traverse" />
      <label for="traverse-north">{t('traverse.north')}</label>
      <select id="traverse-north" value={asked.north} onChange={(event) => change({ ...asked, north: event.currentTarget.value as TraverseQuestion['north'] })}>
        <option value="magnetic">{t('traverse.magnetic')}</option>
        <option value="true">{t('traverse.true')}</option>
      </select>
      {asked.north === 'magnetic' && (
        <>
          <label for="traverse-date">{t('traverse.date')}</label>
          <input id="traverse-date" type="date" value={asked.date} onInput={(event) => change({ ...asked, date: event.currentTarget.value })} />
        </>
      )}
      <Legs legs={legs} onChange={about(setLegs)} />
      <label class="choice">
        <input type="checkbox" checked={asked.closes} onChange={(event) => change({ ...asked, closes: event.currentTarget.checked })} />
        {t('traverse.closes')}
      </label>
      <button type="button" class="small-button" onClick={() => void compute()}>
        {t('traverse.compute')}
      </button>
      {problem && <p role="alert" class="problem">{problem}</p>}
      {answer && reference.lines[0] && <Result answer={answer} reference={enteredLine(reference.lines[0])} kind={kind} onPlace={place} />}
    </div>
  );
}

function Legs({ legs, onChange }: { legs: Leg[]; onChange: (legs: Leg[]) => void }) {
  const put = (i: number, part: Partial<Leg>) => onChange(legs.map((leg, j) => (j === i ? { ...leg, ...part } : leg)));
  return (
    <table class="legs">
      <thead>
        <tr>
          <th scope="col">{t('traverse.leg')}</th>
          <th scope="col">{t('traverse.bearing')}</th>
          <th scope="col">{t('traverse.distance')}</th>
          <th>
            <button type="button" class="small-button" aria-label={t('traverse.add')} onClick={() => onChange([...legs, LEG])}>
              +
            </button>
          </th>
        </tr>
      </thead>
      <tbody>
        {legs.map((leg, i) => (
          <tr key={i}>
            <th scope="row">{i + 1}</th>
            <td>
              <input type="number" step="any" min="0" max="360" aria-label={`${t('traverse.bearing')} ${i + 1}`} value={leg.bearing} onInput={(event) => put(i, { bearing: event.currentTarget.value })} />
            </td>
            <td>
              <input type="number" step="any" min="0" aria-label={`${t('traverse.distance')} ${i + 1}`} value={leg.metres} onInput={(event) => put(i, { metres: event.currentTarget.value })} />
            </td>
            <td>
              <button type="button" class="small-button" aria-label={t('edit.remove_entry', { entry: `${t('traverse.leg')} ${i + 1}` })} onClick={() => onChange(legs.filter((_, j) => j !== i))}>
                ×
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** null while something is missing. Rows that are wholly empty are not legs. */
export function questionOf(reference: ReadLine[], asked: { north: TraverseQuestion['north']; date: string; closes: boolean }, legs: Leg[]): TraverseQuestion | null {
  const from = settled(reference)?.[0];
  const filled = legs.filter(({ bearing, metres }) => bearing !== '' || metres !== '');
  const isWhole = filled.length > 0 && filled.every(({ bearing, metres }) => bearing !== '' && metres !== '');
  if (!isWhole || !from || (asked.north === 'magnetic' && !asked.date)) return null;
  return {
    reference: { lon: from.lon, lat: from.lat },
    north: asked.north,
    ...(asked.date && asked.north === 'magnetic' ? { date: asked.date } : {}),
    legs: filled.map(({ bearing, metres }) => ({ bearing_deg: Number(bearing), distance_m: Number(metres) })),
    closes: asked.closes,
  };
}

function Result({ answer, reference, kind, onPlace }: { answer: TraverseAnswer; reference: Properties } & PlaceInputProps) {
  const shape = shapeFrom(answer, kind);
  return (
    <>
      <dl class="fields">
        <Figure label={t('traverse.length')} text={distance(answer.length_m)} />
        {answer.misclosure_m !== null && <Figure label={t('traverse.misclosure')} text={t('unit.m', { n: number(answer.misclosure_m, 2) })} />}
        {answer.declination_deg !== null && <Figure label={t('traverse.declination')} text={`${number(answer.declination_deg, 2)}°`} />}
      </dl>
      {shape ? (
        <button type="button" class="small-button" onClick={() => onPlace(shape, { ...answer.as_entered, reference })}>
          {t('coordinates.use')}
        </button>
      ) : (
        <p class="note">{t('traverse.other_shape')}</p>
      )}
    </>
  );
}

function Figure({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </div>
  );
}

/** For a point, where the last leg ends: so an item is recorded by bearing and distance from where somebody stood. */
export function shapeFrom({ geometry, points }: Pick<TraverseAnswer, 'geometry' | 'points'>, kind: PlaceInputProps['kind']): Geometry | null {
  if (kindOf(geometry) === kind) return geometry;
  return shapeOf(kind, kind === 'point' ? points.slice(-1) : points);
}
