import { api, bodyOf } from '../api/client.ts';
import { useWords } from '../words/use-words.tsx';
import { AreaField, FileField } from './manage/fields.tsx';
import { PanelForm } from './manage/panel-form.tsx';
import { textOf } from './manage/read-form.ts';

interface ProposeProps {
  readonly onClose: () => void;
  readonly onKept: (digest: string) => void;
}

/** A file and a note; what is wrong with it is said with its lines. */
export function ProposePolicy({ onClose, onKept }: ProposeProps) {
  const { t } = useWords();
  const send = async (form: FormData) => {
    const file = form.get('text');
    const text = file instanceof File ? await file.text() : '';
    const note = textOf(form, 'note');
    const { digest } = await bodyOf(api.POST('/v1/policies', { body: { text, ...(note === '' ? {} : { note }) } }));
    onKept(digest);
  };
  return (
    <PanelForm
      title={t('policies.propose')}
      intro={t('policies.proposeText')}
      submit={t('policies.propose')}
      said={t('policies.kept')}
      refresh={['policies']}
      fields={['text', 'note']}
      onSend={send}
      onClose={onClose}
    >
      <FileField name="text" label={t('policies.file')} accept=".yaml,.yml" isRequired />
      <AreaField name="note" label={t('policies.note')} rows={5} />
    </PanelForm>
  );
}
