import { answerOf, api } from '../../api/client.ts';
import type { Application } from '../../api/managed.ts';
import { useWords } from '../../words/use-words.tsx';
import { AreaField, ChoiceField, SwitchField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { linesIn, said, textOf } from '../manage/read-form.ts';

const FIELDS = ['id', 'name', 'surfaces', 'claims.issuer', 'claims.audience', 'claims.max_age_seconds', 'claims.use', 'claims.required'];

/** Makes an application, or changes it. */
export function ApplicationForm({ application, onClose }: { readonly application: Application | null; readonly onClose: () => void }) {
  const { t } = useWords();
  const claims = application?.claims;
  const send = async (form: FormData) => {
    const surfaces = linesIn(form, 'surfaces');
    const body = {
      name: textOf(form, 'name'),
      surfaces: surfaces.length === 0 ? null : surfaces,
      stopped: form.has('stopped'),
      claims: {
        ...said({ issuer: textOf(form, 'claims.issuer'), audience: textOf(form, 'claims.audience') }),
        max_age_seconds: Number(textOf(form, 'claims.max_age_seconds')),
        use: textOf(form, 'claims.use'),
        required: form.has('claims.required'),
      },
    };
    return answerOf(api.PUT('/v1/applications/{id}', { params: { path: { id: application?.id ?? textOf(form, 'id') } }, body }));
  };
  return (
    <PanelForm
      title={application === null ? t('app.add') : t('app.change')}
      submit={t('state.save')}
      fields={FIELDS}
      refresh={['applications']}
      onSend={send}
      onClose={onClose}
    >
      {application === null && <TextField name="id" label={t('app.id')} hint={t('manage.plainName')} isMono isRequired />}
      <TextField name="name" label={t('app.name')} value={application?.name} isRequired />
      <AreaField
        name="surfaces"
        label={t('app.surfaces')}
        hint={t('app.surfacesHint')}
        rows={2}
        value={application?.surfaces?.join('\n')}
      />
      <h3>{t('app.claims')}</h3>
      <p className="small soft">{t('app.claimsText')}</p>
      <TextField name="claims.issuer" label={t('app.issuer')} hint={t('app.issuerHint')} value={claims?.issuer} isMono />
      <TextField name="claims.audience" label={t('app.audience')} value={claims?.audience ?? 'imprimatur'} isMono />
      <TextField
        name="claims.max_age_seconds"
        label={t('app.maxAge')}
        type="number"
        min={10}
        max={86_400}
        value={claims?.max_age_seconds ?? 600}
        isRequired
      />
      <ChoiceField
        name="claims.use"
        label={t('app.use')}
        value={claims?.use}
        options={[
          ['once', t('app.use.once')],
          ['until-expiry', t('app.use.until')],
        ]}
      />
      <SwitchField name="claims.required" label={t('app.required')} isOn={claims?.required ?? false} />
      {application !== null && <SwitchField name="stopped" label={t('app.stop')} isOn={application.stopped_at !== null} />}
    </PanelForm>
  );
}
