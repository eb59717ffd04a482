import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, bodyOf } from '../../api/client.ts';
import type { Flagger } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Ago } from '../../parts/time.tsx';
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

/** Organizations whose reports go first. */
export function FlaggersCard() {
  const { t } = useWords();
  const flaggers = useQuery(managed.flaggers());
  const mayWrite = useMay('registers.write');
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [going, setGoing] = useState<Flagger | null>(null);
  const revoke = useAct(
    async (id: string) => answerOf(api.POST('/v1/trusted-flaggers/{id}/revoke', { params: { path: { id } }, body: {} })),
    { refresh: ['flaggers'] },
  );
  return (
    <>
      <RegisterCard
        title={t('flagger.title')}
        intro={t('flagger.intro')}
        query={flaggers}
        none={t('flagger.none')}
        rowKey={({ id }) => id}
        add={mayWrite ? { label: t('flagger.add'), onClick: () => setAdding(true) } : undefined}
        columns={[
          {
            title: t('flagger.name'),
            cell: ({ name }) => (
              <strong>
                <UserText text={name} />
              </strong>
            ),
          },
          { title: t('key.key'), cell: ({ last_four }) => <span className="mono">…{last_four}</span> },
          { title: t('column.added'), isExtra: true, cell: ({ added_at }) => <Ago at={added_at} /> },
          {
            title: t('column.status'),
            cell: ({ revoked_at }) =>
              revoked_at === null ? <span className="chip good">{t('key.active')}</span> : <span className="chip">{t('key.revoked')}</span>,
          },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (line) =>
              mayWrite &&
              line.revoked_at === null && (
                <Button tone="quiet" onClick={() => setGoing(line)}>
                  {t('key.revoke')}
                </Button>
              ),
          },
        ]}
      />
      {isAdding && (
        <PanelForm
          title={t('flagger.add')}
          intro={t('flagger.addText')}
          submit={t('flagger.add')}
          fields={['name']}
          refresh={['flaggers']}
          onSend={async (form) => setSecret((await bodyOf(api.POST('/v1/trusted-flaggers', { body: { name: textOf(form, 'name') } }))).key)}
          onClose={() => setAdding(false)}
        >
          <TextField name="name" label={t('flagger.name')} isRequired />
        </PanelForm>
      )}
      {secret !== null && <OnceShown title={t('flagger.key')} secret={secret} onClose={() => setSecret(null)} />}
      {going !== null && (
        <Confirm
          title={t('flagger.revoke')}
          text={t('flagger.revokeText', { name: going.name })}
          confirm={t('key.revoke')}
          onConfirm={() => revoke.mutate(going.id)}
          onClose={() => setGoing(null)}
        />
      )}
    </>
  );
}
