// Why it is changed, and what is to be done with the form.
import { t } from '../../i18n/text';
import { change, isKeptNowhere } from '../../state/draft';
import { drawing } from '../../state/drawing';
import { mayWrite } from '../../state/session';
import { discardWork } from '../begin-work';

export function Reason({ isRequired, value }: { isRequired: boolean; value: string }) {
  return (
    <div class="field" data-field="reason">
      <label for="input-reason">
        {t('edit.reason')}
        {isRequired && <span class="required"> {t('edit.required')}</span>}
      </label>
      <textarea id="input-reason" rows={2} aria-required={isRequired} value={value} onInput={(event) => change({ reason: event.currentTarget.value })} />
    </div>
  );
}

export function SaveButtons({ isBusy, onCheck }: { isBusy: boolean; onCheck: () => void }) {
  const isHeld = isBusy || drawing.value !== null;
  return (
    <div class="save-buttons">
      {isKeptNowhere.value && <p class="warning">{t('edit.kept_nowhere')}</p>}
      {drawing.value && <p class="note">{t('edit.drawing_first')}</p>}
      <p class="actions">
        <button type="submit" class="button is-main" disabled={isHeld || !mayWrite.value}>
          {t('edit.save')}
        </button>
        <button type="button" class="button" disabled={isHeld || !mayWrite.value} onClick={onCheck}>
          {t('edit.check')}
        </button>
        <button type="button" class="button" disabled={isBusy} onClick={discardWork}>
          {t('edit.discard')}
        </button>
      </p>
    </div>
  );
}
