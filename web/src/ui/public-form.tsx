// Says on a record that it is not shown as it is: squares that cover it are neither its outline nor its size.
import type { Properties } from '../api/types';
import { distance } from '../i18n/quantity';
import { t } from '../i18n/text';
import { isPublicView } from '../state/session';

export function PublicForm({ properties }: { properties: Properties }) {
  const form = properties['public_form'];
  if (form === undefined || form === null) return null;
  return (
    <p class={form === 'exact' ? 'note-box' : 'warning'} data-testid="public-form">
      {formText(form, properties['cell_m'])} {t(isPublicView.value ? 'public.for_partners' : 'public.for_owner')}
    </p>
  );
}

// A form that is not known is taken for the coarser one.
function formText(form: Properties[string], side: Properties[string] | undefined): string {
  if (form === 'exact') return t('public.exact');
  return typeof side === 'number' ? t('public.cells', { d: distance(side) }) : t('public.cells_unknown');
}
