// Values with members: one structure, or an ordered list of them.
import type { FieldWords, Properties, Value } from '../../api/types';
import { t } from '../../i18n/text';
import { isStructure } from '../../state/merge-patch';
import { labelOf } from '../value-text';
import { FieldRow, type FieldProps } from './field-row';

export function StructureInput({ words, value, onChange, path }: FieldProps) {
  return <Members members={words.members ?? []} value={isStructure(value) ? value : {}} onChange={(next) => onChange(Object.keys(next).length ? next : undefined)} path={path} />;
}

function Members({ members, value, onChange, path }: { members: FieldWords[]; value: Properties; onChange: (value: Properties) => void; path: string }) {
  const set = (name: string, part: Value | undefined) => {
    const { [name]: _before, ...others } = value;
    onChange(part === undefined ? others : { ...others, [name]: part });
  };
  return (
    <div class="members">
      {members.map((member) => (
        <FieldRow key={member.name} words={member} value={value[member.name]} onChange={(part) => set(member.name, part)} findings={[]} path={`${path}-${member.name}`} />
      ))}
    </div>
  );
}

export function StructuresInput({ words, value, onChange, path }: FieldProps) {
  const entries = Array.isArray(value) ? value : [];
  const put = (next: Value[]) => onChange(next.length ? next : undefined);
  const label = labelOf(words.name, words);
  const add = () => {
    put([...entries, {}]);
    // The new entry is where the work goes on.
    requestAnimationFrame(() => document.getElementById(`entry-${path}-${entries.length}`)?.focus());
  };
  return (
    <>
      {entries.map((entry, i) => (
        <div class="entry" key={i} role="group" tabIndex={-1} id={`entry-${path}-${i}`} aria-label={`${label} ${i + 1}`}>
          <Members members={words.members ?? []} value={isStructure(entry) ? entry : {}} onChange={(next) => put(entries.map((other, j) => (j === i ? next : other)))} path={`${path}-${i}`} />
          <p class="actions">
            {i > 0 && (
              <button type="button" class="small-button" aria-label={t('edit.earlier_entry', { entry: `${label} ${i + 1}` })} onClick={() => put(swapped(entries, i - 1))}>
                ↑
              </button>
            )}
            <button type="button" class="small-button" aria-label={t('edit.remove_entry', { entry: `${label} ${i + 1}` })} onClick={() => put(entries.filter((_, j) => j !== i))}>
              {t('edit.remove')}
            </button>
          </p>
        </div>
      ))}
      <button type="button" class="small-button" aria-label={t('edit.add_entry', { entry: label })} onClick={add}>
        {t('edit.add')}
      </button>
    </>
  );
}

function swapped(entries: Value[], i: number): Value[] {
  return entries.map((entry, j) => (j === i ? entries[i + 1]! : j === i + 1 ? entries[i]! : entry));
}
