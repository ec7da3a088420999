// Work that is not saved yet and not on the screen: to go on with, or to throw away.
import { dateTime } from '../i18n/quantity';
import { t } from '../i18n/text';
import { draft, hasUnsavedWork, isLeftOver, isOwnWork } from '../state/draft';
import { isPast } from '../state/past';
import { panel } from '../state/panel';
import { continueWork, discardWork } from './begin-work';
import { collectionLabel } from './value-text';

export function WorkBanner() {
  const work = draft.value;
  if (!work || !hasUnsavedWork.value || panel.value?.kind === 'edit' || isPast.value) return null;
  if (!isOwnWork.value) return <p class="banner is-work">{t('edit.unsaved_of_other')}</p>;
  const name = String(work.properties['name'] ?? collectionLabel(work.collection));
  return (
    <p class="banner is-work" data-testid="unsaved">
      {t(isLeftOver.value ? 'edit.left_over' : 'edit.unsaved', { name, time: dateTime(work.begunAt) })}
      <button type="button" class="link-button" onClick={continueWork}>
        {t('edit.continue')}
      </button>
      <button type="button" class="link-button" onClick={discardWork}>
        {t('edit.discard')}
      </button>
    </p>
  );
}
