import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { base64Of } from '../../api/files.ts';
import { useWords } from '../../words/use-words.tsx';
import { AreaField, ChecksField, ChoiceField, FileField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { filesOf, linesIn, manyOf, momentOf, said, textOf } from '../manage/read-form.ts';

const LISTS = ['consent', 'protected', 'no_consent'] as const;
const PURPOSES = ['generate', 'edit', 'variation', 'training'] as const;
const FIELDS = ['list', 'pictures', 'name', 'scope.purposes', 'scope.regions', 'expires_at', 'evidence', 'same_as'];

/** Puts somebody on a list. Pictures are looked at and not kept; a consent says what it covers and where its evidence is. */
export function PersonForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const [list, setList] = useState<string>('consent');
  const send = async (form: FormData) => {
    const isConsent = textOf(form, 'list') === 'consent';
    const regions = linesIn(form, 'scope.regions').map((one) => one.toUpperCase());
    const body = {
      list: textOf(form, 'list'),
      pictures: await Promise.all(filesOf(form, 'pictures').map(base64Of)),
      ...(isConsent ? { scope: { purposes: manyOf(form, 'scope.purposes'), ...(regions.length === 0 ? {} : { regions }) } } : {}),
      ...said({ name: textOf(form, 'name'), same_as: textOf(form, 'same_as'), expires_at: momentOf(form, 'expires_at') }),
      evidence: said({ reference: textOf(form, 'evidence') }),
    };
    return answerOf(api.POST('/v1/people', { body }));
  };
  return (
    <PanelForm
      title={t('person.add')}
      intro={t('person.addText')}
      submit={t('person.add')}
      fields={FIELDS}
      refresh={['people']}
      onSend={send}
      onClose={onClose}
    >
      <ChoiceField
        name="list"
        label={t('person.list')}
        value={list}
        onChange={setList}
        options={LISTS.map((one) => [one, t(`personList.${one}`)])}
      />
      <FileField
        name="pictures"
        label={t('person.pictures')}
        hint={t('person.picturesHint')}
        accept="image/png,image/jpeg,image/webp,image/avif"
        isMany
      />
      <TextField name="name" label={t('person.name')} hint={t('person.nameHint')} />
      {list === 'consent' && (
        <>
          <ChecksField
            name="scope.purposes"
            label={t('person.purposes')}
            options={PURPOSES.map((one) => [one, t(`purpose.${one}`)])}
            value={['generate']}
          />
          <AreaField name="scope.regions" label={t('person.regions')} hint={t('person.regionsHint')} rows={2} />
        </>
      )}
      <TextField name="evidence" label={t('person.evidence')} hint={t('person.evidenceHint')} isRequired={list === 'consent'} />
      <TextField name="expires_at" label={t('manage.expires')} type="date" />
      <TextField name="same_as" label={t('person.sameAs')} hint={t('person.sameAsHint')} isMono />
    </PanelForm>
  );
}
