// One role of an account: which, for which organisation, and where.
import type { Role } from '../../api/types';
import { t, type AccountKey } from '../../i18n/account-text';
import { boxInView } from '../../state/viewport';
import { CheckField, ChoiceField, TextField } from './form-parts';
import { isWhole, type GrantDraft } from './grant-draft';
import { ROLES, roleText } from './grant-text';

interface Props {
  number: number;
  draft: GrantDraft;
  onChange: (draft: GrantDraft) => void;
  onRemove: () => void;
}

export function GrantInput({ number, draft, onChange, onRemove }: Props) {
  const set = (part: Partial<GrantDraft>) => onChange({ ...draft, ...part });
  return (
    <fieldset class="entry" data-testid="grant">
      <legend>{t('grants.title', { n: number })}</legend>
      <ChoiceField<Role> label={t('grants.role')} value={draft.role} options={ROLES.map((role) => [role, roleText(role)])} onChange={(role) => set({ role })} testId="grant-role" />
      <p class="field-note">{t(`role_does.${draft.role}` satisfies AccountKey)}</p>
      {!isWhole(draft.role) && <Limits draft={draft} set={set} />}
      <p class="actions">
        <button type="button" class="small-button" onClick={onRemove}>
          {t('grants.remove', { n: number })}
        </button>
      </p>
    </fieldset>
  );
}

function Limits({ draft, set }: { draft: GrantDraft; set: (part: Partial<GrantDraft>) => void }) {
  return (
    <>
      <CheckField label={t('grants.all')} checked={draft.isForAll} onChange={(isForAll) => set({ isForAll })} />
      {!draft.isForAll && <TextField label={t('grants.organisation')} value={draft.organisation} onChange={(organisation) => set({ organisation })} testId="grant-organisation" />}
      <CheckField label={t('grants.limit')} checked={draft.isLimited} onChange={(isLimited) => set({ isLimited })} />
      {draft.isLimited && <Area area={draft.area} onChange={(area) => set({ area })} />}
    </>
  );
}

const SIDES: AccountKey[] = ['grants.west', 'grants.south', 'grants.east', 'grants.north'];

function Area({ area, onChange }: { area: GrantDraft['area']; onChange: (area: GrantDraft['area']) => void }) {
  const takeView = () => boxInView.value && onChange(boxInView.value.map((degrees) => degrees.toFixed(4)) as GrantDraft['area']);
  return (
    <>
      <div class="area">
        {SIDES.map((side, i) => (
          <TextField key={side} label={t(side)} type="number" value={area[i] ?? ''} onChange={(text) => onChange(area.map((other, j) => (j === i ? text : other)) as GrantDraft['area'])} />
        ))}
      </div>
      <button type="button" class="small-button" onClick={takeView}>
        {t('grants.take_view')}
      </button>
      <p class="field-note">{t('grants.area_note')}</p>
    </>
  );
}
