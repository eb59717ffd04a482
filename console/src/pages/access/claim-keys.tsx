import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, bodyOf } from '../../api/client.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Day } from '../../parts/time.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { AreaField, ChoiceField, TextField } from '../manage/fields.tsx';
import { OnceShown } from '../manage/once-shown.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { momentOf, said, textOf } from '../manage/read-form.ts';
import { useAct } from '../manage/use-act.ts';

const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'HS256', 'HMAC'] as const;
const isSecret = (algorithm: string) => algorithm === 'HS256' || algorithm === 'HMAC';

/** The keys by which an application signs what it says of its users. */
export function ClaimKeys({ application, onClose }: { readonly application: string; readonly onClose: () => void }) {
  const { t } = useWords();
  const keys = useQuery(managed.claimKeys(application));
  const mayWrite = useMay('keys.write');
  const [isAdding, setAdding] = useState(false);
  const [going, setGoing] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const revoke = useAct(
    async (kid: string) =>
      answerOf(api.POST('/v1/applications/{id}/claim-keys/{kid}/revoke', { params: { path: { id: application, kid } }, body: {} })),
    { refresh: ['applications'] },
  );
  return (
    <Dialog title={`${t('claimKey.title')} · ${application}`} onClose={onClose} className="side">
      <div className="panel-form">
        <p className="soft">{t('claimKey.intro')}</p>
        <Loaded query={keys}>
          {(lines) =>
            lines.length === 0 ? (
              <p className="soft">{t('claimKey.none')}</p>
            ) : (
              <ul className="rows lined">
                {lines.map(({ kid, algorithm, expires_at, revoked_at }) => (
                  <li key={kid}>
                    <span>
                      <strong className="mono">{kid}</strong> <span className="small soft">{algorithm}</span>{' '}
                      {expires_at !== null && (
                        <span className="small soft">
                          {t('kill.until')} <Day at={expires_at} />
                        </span>
                      )}
                    </span>
                    {revoked_at !== null ? (
                      <span className="chip">{t('key.revoked')}</span>
                    ) : (
                      mayWrite && (
                        <Button tone="quiet" onClick={() => setGoing(kid)}>
                          {t('key.revoke')}
                        </Button>
                      )
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        <div className="actions">
          <Button onClick={onClose}>{t('state.close')}</Button>
          {mayWrite && (
            <Button icon="plus" tone="primary" onClick={() => setAdding(true)}>
              {t('claimKey.add')}
            </Button>
          )}
        </div>
      </div>
      {isAdding && <ClaimKeyForm application={application} onSecret={setSecret} onClose={() => setAdding(false)} />}
      {secret !== null && <OnceShown title={t('claimKey.secret')} secret={secret} onClose={() => setSecret(null)} />}
      {going !== null && (
        <Confirm
          title={t('claimKey.revoke')}
          text={t('claimKey.revokeText')}
          confirm={t('key.revoke')}
          typed={going}
          onConfirm={() => revoke.mutate(going)}
          onClose={() => setGoing(null)}
        />
      )}
    </Dialog>
  );
}

interface ClaimKeyFormProps {
  readonly application: string;
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}

function ClaimKeyForm({ application, onSecret, onClose }: ClaimKeyFormProps) {
  const { t } = useWords();
  const [algorithm, setAlgorithm] = useState<string>(ALGORITHMS[0]);
  const send = async (form: FormData) => {
    const jwk = textOf(form, 'public_jwk');
    const body = {
      kid: textOf(form, 'kid'),
      algorithm: textOf(form, 'algorithm'),
      ...said({ expires_at: momentOf(form, 'expires_at') }),
      // What is no JSON goes as it is: the gateway says what is wrong with it, at the field.
      ...(jwk === '' ? {} : { public_jwk: parsed(jwk) }),
    };
    const { secret } = await bodyOf(api.POST('/v1/applications/{id}/claim-keys', { params: { path: { id: application } }, body }));
    if (secret !== null) onSecret(secret);
  };
  return (
    <PanelForm
      title={t('claimKey.add')}
      submit={t('claimKey.add')}
      fields={['kid', 'algorithm', 'public_jwk', 'expires_at']}
      refresh={['applications']}
      onSend={send}
      onClose={onClose}
    >
      <TextField name="kid" label={t('claimKey.kid')} hint={t('claimKey.kidHint')} isMono isRequired />
      <ChoiceField
        name="algorithm"
        label={t('claimKey.algorithm')}
        value={algorithm}
        onChange={setAlgorithm}
        options={ALGORITHMS.map((one) => [one, one])}
      />
      {isSecret(algorithm) ? (
        <p className="small soft">{t('claimKey.secretText')}</p>
      ) : (
        <AreaField name="public_jwk" label={t('claimKey.jwk')} hint={t('claimKey.jwkHint')} rows={5} isRequired />
      )}
      <TextField name="expires_at" label={t('manage.expires')} type="date" />
    </PanelForm>
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
