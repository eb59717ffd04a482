import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, bodyOf } from '../../api/client.ts';
import type { KeyLine } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { useNow } from '../../parts/clock.ts';
import { Ago, Day } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { TextField } from '../manage/fields.tsx';
import { OnceShown } from '../manage/once-shown.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';
import { KeyForm } from './key-form.tsx';

type Open = { readonly what: 'add' } | { readonly what: 'rotate' | 'revoke'; readonly key: KeyLine } | null;

/** Every key, by what it opens. A token is shown once; afterwards only its last four characters. */
export function KeysCard() {
  const { t } = useWords();
  const keys = useQuery(managed.keys());
  const mayWrite = useMay('keys.write');
  const [open, setOpen] = useState<Open>(null);
  const [token, setToken] = useState<string | null>(null);
  const close = () => setOpen(null);
  const revoke = useAct(async (id: string) => answerOf(api.POST('/v1/keys/{id}/revoke', { params: { path: { id } }, body: {} })), {
    refresh: ['keys'],
  });
  return (
    <>
      <RegisterCard
        title={t('key.keys')}
        intro={t('key.intro')}
        query={keys}
        none={t('key.none')}
        rowKey={({ id }) => id}
        add={mayWrite ? { label: t('key.add'), onClick: () => setOpen({ what: 'add' }) } : undefined}
        columns={[
          {
            title: t('key.key'),
            cell: ({ name, last_four }) => (
              <>
                <strong>
                  <UserText text={name === '' ? t('key.unnamed') : name} />
                </strong>{' '}
                <span className="mono small soft">…{last_four}</span>
              </>
            ),
          },
          { title: t('key.opens'), cell: (key) => <Opens line={key} /> },
          {
            title: t('key.lastUsed'),
            isExtra: true,
            cell: ({ last_used_at }) => (last_used_at === null ? t('key.never') : <Ago at={last_used_at} />),
          },
          { title: t('column.status'), cell: (key) => <Standing line={key} /> },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (key) =>
              mayWrite &&
              key.revoked_at === null && (
                <>
                  <Button tone="quiet" onClick={() => setOpen({ what: 'rotate', key })}>
                    {t('key.rotate')}
                  </Button>
                  <Button tone="quiet" onClick={() => setOpen({ what: 'revoke', key })}>
                    {t('key.revoke')}
                  </Button>
                </>
              ),
          },
        ]}
      />
      {open?.what === 'add' && <KeyForm onToken={setToken} onClose={close} />}
      {open?.what === 'rotate' && <RotateForm line={open.key} onToken={setToken} onClose={close} />}
      {open?.what === 'revoke' && (
        <Confirm
          title={t('key.revokeTitle')}
          text={t('key.revokeText')}
          confirm={t('key.revoke')}
          typed={open.key.last_four}
          onConfirm={() => revoke.mutate(open.key.id)}
          onClose={close}
        />
      )}
      {token !== null && <OnceShown title={t('key.token')} secret={token} onClose={() => setToken(null)} />}
    </>
  );
}

/** A staff key's roles; a caller's surface and what it may there. */
function Opens({ line: { role, roles, scopes, surface, application } }: { readonly line: KeyLine }) {
  const { t, named } = useWords();
  if (role === 'operator') return <>{roles.map((one) => named('role', one)).join(', ')}</>;
  return (
    <>
      <span className="mono">{application}</span> · <span className="mono">{surface}</span>
      <span className="small soft"> {scopes === null ? t('key.everything') : scopes.map((one) => named('scope', one)).join(', ')}</span>
    </>
  );
}

function Standing({ line: { revoked_at, expires_at } }: { readonly line: KeyLine }) {
  const { t } = useWords();
  const now = useNow();
  if (revoked_at !== null) return <span className="chip">{t('key.revoked')}</span>;
  if (expires_at === null) return <span className="chip good">{t('key.active')}</span>;
  const isOver = new Date(expires_at).getTime() <= now;
  return (
    <span className={`chip ${isOver ? 'bad' : 'good'}`}>
      {isOver ? t('key.expired') : t('kill.until')} <Day at={expires_at} />
    </span>
  );
}

interface RotateFormProps {
  readonly line: KeyLine;
  readonly onToken: (token: string) => void;
  readonly onClose: () => void;
}

function RotateForm({ line, onToken, onClose }: RotateFormProps) {
  const { t } = useWords();
  return (
    <PanelForm
      title={t('key.rotateTitle')}
      intro={t('key.rotateText')}
      submit={t('key.rotate')}
      fields={['overlap_hours']}
      refresh={['keys']}
      onSend={async (form) => {
        const body = { overlap_hours: Number(textOf(form, 'overlap_hours')) };
        onToken((await bodyOf(api.POST('/v1/keys/{id}/rotate', { params: { path: { id: line.id } }, body }))).token);
      }}
      onClose={onClose}
    >
      <TextField
        name="overlap_hours"
        label={t('key.overlap')}
        hint={t('key.overlapHint')}
        type="number"
        min={0}
        max={720}
        value={24}
        isRequired
      />
    </PanelForm>
  );
}
