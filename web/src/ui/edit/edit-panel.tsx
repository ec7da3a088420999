// The form of a record: new, or changed. Made from the vocabulary, so that every field of every collection is in it.
import { useRef } from 'preact/hooks';
import type { FieldWords, Finding } from '../../api/types';
import { t } from '../../i18n/text';
import { changeField, draft, savedAs, type Draft } from '../../state/draft';
import { isPast } from '../../state/past';
import { isPublicView, may, mayWrite, me } from '../../state/session';
import { vocabulary } from '../../state/register';
import { SignInButton } from '../sign-in-button';
import { collectionLabel } from '../value-text';
import { Conflict } from './conflict';
import { FieldRow } from './field-row';
import { fieldOf } from './finding-place';
import { Outcome, Summary } from './outcome';
import { PlaceSection } from './place-section';
import { Reason, SaveButtons } from './save-buttons';
import { useSaving } from './use-saving';

export function EditPanel() {
  const work = draft.value;
  if (savedAs.value) return <Outcome answer={savedAs.value} />;
  if (!work) return <p>{t('edit.none')}</p>;
  if (isPast.value) return <p class="warning">{t('edit.past')}</p>;
  return <Form key={work.begunAt} work={work} />;
}

function Form({ work }: { work: Draft }) {
  const summary = useRef<HTMLDivElement>(null);
  const { state, check, save, goOn } = useSaving(() => summary.current?.focus());
  const findings = state.kind === 'refused' || state.kind === 'checked' ? state.findings : [];
  const words = vocabulary.value?.collections[work.collection];
  if (!words) return <p role="status">{t('status.waiting')}</p>;
  const offered = words.fields.filter(({ computed }) => !computed);
  // The register refuses what names a person from whoever may not read it.
  const fields = offered.filter(({ personal }) => !personal || may('read_personal'));
  const submit = (event: Event) => {
    event.preventDefault();
    void save();
  };
  return (
    <form class="edit" data-testid="edit-form" noValidate onSubmit={submit} aria-label={t(work.id ? 'edit.change_of' : 'edit.new_of', { collection: collectionLabel(work.collection) })}>
      <Who />
      <p class="note">{t('edit.kept')}</p>
      <div ref={summary} tabIndex={-1} class="edit-summary">
        {state.kind === 'conflict' && <Conflict work={work} current={state.current} onGoOn={goOn} />}
        <Summary state={state} collection={work.collection} fields={fields} />
      </div>
      {/* What is written while the form is under way would be lost when it has arrived. */}
      <fieldset class="edit-fields" disabled={state.kind === 'sending'}>
        {words.geometry?.length !== 0 && <PlaceSection types={words.geometry ?? ANY_SHAPE} hasOffset={fields.some(({ name }) => name === 'observer_position')} findings={findings.filter((finding) => fieldOf(finding) === 'geometry')} />}
        {fields.length < offered.length && <p class="note">{t('edit.personal')}</p>}
        <Fields fields={fields} work={work} findings={findings} />
        <Reason isRequired={work.id !== null} value={work.reason} />
      </fieldset>
      <SaveButtons isBusy={state.kind === 'sending'} onCheck={() => void check()} />
    </form>
  );
}

const ANY_SHAPE = ['Polygon', 'Point', 'LineString'];

function Who() {
  if (mayWrite.value) return <p class="note">{t('edit.writes_as', { name: me.value?.name ?? '' })}</p>;
  return (
    <p class="warning" role="alert">
      {t(isPublicView.value ? 'edit.sign_in_first' : 'refused.forbidden')} {isPublicView.value && <SignInButton />}
    </p>
  );
}

function Fields({ fields, work, findings }: { fields: FieldWords[]; work: Draft; findings: Finding[] }) {
  return (
    <>
      {fields.map((words) => (
        <FieldRow
          key={words.name}
          words={words}
          value={work.properties[words.name]}
          onChange={(value) => changeField(words.name, value)}
          findings={findings.filter((finding) => fieldOf(finding) === words.name)}
          path={words.name}
        />
      ))}
    </>
  );
}
