import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import type { StaffLine } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { useMay, useMe } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { ChecksField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { manyOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';
import { STAFF_ROLES } from './staff-roles.ts';

interface Open {
  readonly what: 'roles' | 'block' | 'signOut';
  readonly person: StaffLine;
}

/** Who signs in here, with which roles; who is kept out. */
export function StaffPage() {
  const { t, named } = useWords();
  const staff = useQuery(managed.staff());
  const me = useMe();
  const mayWrite = useMay('staff.write');
  const [open, setOpen] = useState<Open | null>(null);
  const block = useBlock();
  return (
    <Page title={t('nav.staff')} intro={t('staff.intro')}>
      <RegisterCard
        title={t('staff.people')}
        intro={t('staff.text')}
        query={staff}
        none={t('staff.none')}
        rowKey={({ id }) => id}
        columns={[
          {
            title: t('column.who'),
            cell: ({ id, name }) => (
              <>
                <strong>
                  <UserText text={name} />
                </strong>{' '}
                {id === me.id && <span className="chip accent">{t('who.you')}</span>}
              </>
            ),
          },
          { title: t('staff.roles'), cell: ({ roles }) => roles.map((one) => named('role', one)).join(', ') || '–' },
          { title: t('staff.granted'), cell: ({ granted }) => granted.map((one) => named('role', one)).join(', ') || '–' },
          { title: t('staff.lastSignIn'), isExtra: true, cell: ({ last_sign_in_at }) => <Ago at={last_sign_in_at} /> },
          {
            title: t('column.status'),
            cell: ({ blocked_at }) =>
              blocked_at === null ? (
                <span className="chip good">{t('staff.open')}</span>
              ) : (
                <span className="chip bad">{t('staff.blocked')}</span>
              ),
          },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (person) =>
              mayWrite && (
                <>
                  <Button tone="quiet" onClick={() => setOpen({ what: 'roles', person })}>
                    {t('staff.grant')}
                  </Button>
                  <Button tone="quiet" onClick={() => setOpen({ what: 'signOut', person })}>
                    {t('signIn.out')}
                  </Button>
                  {person.blocked_at === null ? (
                    <Button tone="quiet" onClick={() => setOpen({ what: 'block', person })}>
                      {t('staff.block')}
                    </Button>
                  ) : (
                    <Button tone="quiet" onClick={() => block.mutate({ id: person.id, blocked: false })}>
                      {t('staff.unblock')}
                    </Button>
                  )}
                </>
              ),
          },
        ]}
      />
      {open !== null && <StaffDialogs open={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function useBlock() {
  return useAct(
    async ({ id, blocked }: { id: string; blocked: boolean }) =>
      answerOf(api.PUT('/v1/staff/{id}', { params: { path: { id } }, body: { blocked } })),
    { refresh: ['staff'] },
  );
}

function StaffDialogs({ open, onClose }: { readonly open: Open; readonly onClose: () => void }) {
  const { t } = useWords();
  const block = useBlock();
  const signOut = useAct(async (id: string) => answerOf(api.POST('/v1/staff/{id}/sign-out', { params: { path: { id } }, body: {} })), {
    refresh: ['staff'],
    said: t('staff.signedOut'),
  });
  return (
    <>
      {open.what === 'roles' && <GrantForm person={open.person} onClose={onClose} />}
      {open.what === 'block' && (
        <Confirm
          title={t('staff.blockTitle', { name: open.person.name })}
          text={t('staff.blockText')}
          confirm={t('staff.block')}
          onConfirm={() => block.mutate({ id: open.person.id, blocked: true })}
          onClose={onClose}
        />
      )}
      {open.what === 'signOut' && (
        <Confirm
          title={t('staff.signOutTitle', { name: open.person.name })}
          text={t('staff.signOutText')}
          confirm={t('signIn.out')}
          onConfirm={() => signOut.mutate(open.person.id)}
          onClose={onClose}
        />
      )}
    </>
  );
}

function GrantForm({ person, onClose }: { readonly person: StaffLine; readonly onClose: () => void }) {
  const { t } = useWords();
  return (
    <PanelForm
      title={t('staff.grantTitle', { name: person.name })}
      intro={t('staff.grantText')}
      submit={t('state.save')}
      fields={['granted']}
      refresh={['staff', 'me']}
      onSend={async (form) =>
        answerOf(api.PUT('/v1/staff/{id}', { params: { path: { id: person.id } }, body: { granted: manyOf(form, 'granted') } }))
      }
      onClose={onClose}
    >
      <ChecksField
        name="granted"
        label={t('staff.granted')}
        options={STAFF_ROLES.map((one) => [one, t(`role.${one}`)])}
        value={person.granted}
      />
    </PanelForm>
  );
}
