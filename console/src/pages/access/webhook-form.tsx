import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client.ts';
import { managed } from '../../api/managed-queries.ts';
import { useWords } from '../../words/use-words.tsx';
import { ChecksField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { manyOf, said, textOf } from '../manage/read-form.ts';

/** Adds an endpoint; its secret is shown once. */
export function WebhookForm({ onSecret, onClose }: { readonly onSecret: (secret: string) => void; readonly onClose: () => void }) {
  const { t } = useWords();
  const known = useQuery({ ...managed.webhooks(), select: ({ events }) => Object.keys(events) });
  const send = async (form: FormData) => {
    const events = manyOf(form, 'events');
    const body = {
      name: textOf(form, 'name'),
      url: textOf(form, 'url'),
      ...said({ application: textOf(form, 'application') }),
      ...(events.length === 0 ? {} : { events }),
    };
    onSecret((await bodyOf(api.POST('/v1/webhooks', { body }))).secret);
  };
  return (
    <PanelForm
      title={t('webhook.add')}
      intro={t('webhook.addText')}
      submit={t('webhook.add')}
      fields={['name', 'url', 'application', 'events']}
      refresh={['webhooks']}
      onSend={send}
      onClose={onClose}
    >
      <TextField name="name" label={t('webhook.name')} hint={t('manage.plainName')} isMono isRequired />
      <TextField name="url" label={t('webhook.url')} hint={t('webhook.urlHint')} type="url" isMono isRequired />
      <TextField name="application" label={t('key.application')} hint={t('webhook.applicationHint')} isMono />
      <ChecksField
        name="events"
        label={t('webhook.events')}
        hint={t('webhook.eventsHint')}
        options={(known.data ?? []).map((one) => [one, one])}
      />
    </PanelForm>
  );
}
