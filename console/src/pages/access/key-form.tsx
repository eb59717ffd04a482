import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client.ts';
import { managed } from '../../api/managed-queries.ts';
import { useWords } from '../../words/use-words.tsx';
import { ChecksField, ChoiceField, type Options, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { manyOf, momentOf, said, textOf } from '../manage/read-form.ts';
import { STAFF_ROLES } from './staff-roles.ts';

const SCOPES = ['images.generate', 'images.edit', 'images.read', 'moderations', 'provenance', 'uploads'] as const;
const FIELDS = ['name', 'role', 'roles', 'scopes', 'application', 'surface', 'expires_at'];

/** Makes a key: of a caller, who makes pictures, or of staff, who decide and change. */
export function KeyForm({ onToken, onClose }: { readonly onToken: (token: string) => void; readonly onClose: () => void }) {
  const { t, named } = useWords();
  const applications = useQuery(managed.applications());
  const surfaces = useQuery({ ...managed.surfaces(), retry: false });
  const [role, setRole] = useState<string>('caller');
  const send = async (form: FormData) => {
    const scopes = manyOf(form, 'scopes');
    const own =
      textOf(form, 'role') === 'caller'
        ? {
            role: 'caller',
            ...said({ application: textOf(form, 'application'), surface: textOf(form, 'surface') }),
            ...(scopes.length === 0 || scopes.length === SCOPES.length ? {} : { scopes }),
          }
        : { roles: manyOf(form, 'roles') };
    const body = { name: textOf(form, 'name'), ...own, ...said({ expires_at: momentOf(form, 'expires_at') }) };
    onToken((await bodyOf(api.POST('/v1/keys', { body }))).token);
  };
  const known = applications.data ?? [];
  const ofAll: Options = [
    ...(known.some(({ id }) => id === 'default') ? [] : [['default', 'default'] as const]),
    ...known.map(({ id, name }) => [id, name] as const),
  ];
  const places = surfaces.data ?? [];
  return (
    <PanelForm title={t('key.add')} submit={t('key.add')} fields={FIELDS} refresh={['keys']} onSend={send} onClose={onClose}>
      <TextField name="name" label={t('key.name')} hint={t('key.nameHint')} isRequired />
      <ChoiceField
        name="role"
        label={t('key.for')}
        value={role}
        onChange={setRole}
        options={[
          ['caller', t('key.for.caller')],
          ['staff', t('key.for.staff')],
        ]}
      />
      {role === 'caller' ? (
        <>
          <ChoiceField name="application" label={t('key.application')} options={ofAll} />
          {places.length > 0 ? (
            <ChoiceField
              name="surface"
              label={t('key.surface')}
              hint={t('key.surfaceHint')}
              options={places.map(({ id, name }) => [id, name])}
            />
          ) : (
            <TextField name="surface" label={t('key.surface')} hint={t('key.surfaceHint')} value="api" isMono isRequired />
          )}
          <ChecksField name="scopes" label={t('key.scopes')} options={SCOPES.map((one) => [one, named('scope', one)])} value={SCOPES} />
        </>
      ) : (
        <ChecksField
          name="roles"
          label={t('key.roles')}
          hint={t('key.rolesHint')}
          options={STAFF_ROLES.map((one) => [one, t(`role.${one}`)])}
        />
      )}
      <TextField name="expires_at" label={t('manage.expires')} hint={t('key.expiresHint')} type="date" />
    </PanelForm>
  );
}
