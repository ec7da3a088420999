// Who works here. With one person there is nothing to choose.
import { t } from '../i18n/text';
import { chosenPerson, me, session } from '../state/person';

export function PersonChooser() {
  const persons = session.value?.persons ?? [];
  if (persons.length < 2) return null;
  return (
    <label class="person" data-testid="person">
      <span>{t('person.you_are')}</span>
      <select value={me.value?.id ?? ''} onChange={(event) => (chosenPerson.value = event.currentTarget.value || null)}>
        <option value="">{t('person.nobody')}</option>
        {persons.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
