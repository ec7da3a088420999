// How each typed line was read: one reading is shown, several are offered, none is said.
import { distance, position } from '../../i18n/quantity';
import { t } from '../../i18n/text';
import type { Reading } from '../../api/types';
import { alike, chosenOf, type Readings, type ReadLine } from './use-readings';

export function ReadLines({ readings, name }: { readings: Readings; name: string }) {
  if (readings.lines.length === 0) return null;
  return (
    <ol class="read-lines" aria-live="polite">
      {readings.lines.map((line, i) => (
        <li key={i} data-state={line.state === 'read' && line.chosen === null ? 'choice' : line.state}>
          <code>{line.text}</code>
          <Line line={line} name={`${name}-${i}`} onChoose={(reading) => readings.choose(i, reading)} />
          {isExample(readings.lines, line) && (
            <button type="button" class="link-button" onClick={() => readings.chooseAlike(i)}>
              {t('coordinates.alike')}
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}

// One choice made, others of the kind still open: they need not be made one by one.
function isExample(lines: ReadLine[], line: ReadLine): boolean {
  const like = line.readings.length > 1 ? chosenOf(line) : undefined;
  return like !== undefined && lines.some((other) => other.chosen === null && alike(other.readings, like) !== null);
}

function Line({ line, name, onChoose }: { line: ReadLine; name: string; onChoose: (reading: number) => void }) {
  if (line.state === 'waiting') return <span>{t('place.working')}</span>;
  if (line.state === 'failed') return <strong class="problem">{t('refused.no_answer')}</strong>;
  if (line.state === 'refused') return <strong class="problem">{t('coordinates.unreadable')} {line.problem}</strong>;
  const [only] = line.readings;
  if (line.readings.length === 1 && only) return <span>{readingText(only)}</span>;
  return (
    <fieldset class="choices">
      <legend>{t('coordinates.choose')}</legend>
      {line.readings.map((reading, i) => (
        <label key={i}>
          <input type="radio" name={name} checked={line.chosen === i} onChange={() => onChoose(i)} />
          {readingText(reading)}
        </label>
      ))}
    </fieldset>
  );
}

function readingText({ lon, lat, read_as, crs, accuracy_m, operation, notes }: Reading): string {
  const known = [read_as, crs && !read_as.includes(crs) ? crs : '', operation, ...notes].filter((part) => part).join(', ');
  const worth = accuracy_m === null ? '' : ` ± ${distance(Math.ceil(accuracy_m))}`;
  return `${t('coordinates.read_as', { how: known })} ${position(lon, lat)}${worth}`;
}
