import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, bodyOf } from '../../api/client.ts';
import type { Person, PersonEntry } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { shortId } from '../../parts/short-id.ts';
import { Ago, Day } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';
import { PersonForm } from './person-form.tsx';

type Open = { readonly what: 'add' } | { readonly what: 'revoke' | 'remove'; readonly person: Person } | null;

/** People with their consents, protected people, and those who don't want to be shown. Names are shown one at a time, and each look is logged. */
export function PeopleCard() {
  const { t, number } = useWords();
  const people = useQuery(managed.people());
  const [mayWrite, mayReadNames] = [useMay('registers.write'), useMay('people.names')];
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const about = (id: string) => ({ params: { path: { id } } });
  const revoke = useAct(async (id: string) => answerOf(api.POST('/v1/people/{id}/revoke', { ...about(id), body: {} })), {
    refresh: ['people'],
  });
  const remove = useAct(async (id: string) => answerOf(api.DELETE('/v1/people/{id}', about(id))), { refresh: ['people'] });
  const showName = async (id: string) => {
    const answer = await bodyOf(api.GET('/v1/people/{id}/name', about(id))).catch(() => null);
    toast(answer === null ? t('state.failed') : (answer.name ?? t('person.noName')), { until: Date.now() + 15_000 });
  };
  return (
    <>
      <RegisterCard
        title={t('registries.people')}
        intro={t('person.intro')}
        query={people}
        none={t('person.none')}
        rowKey={({ id }) => id}
        add={mayWrite ? { label: t('person.add'), onClick: () => setOpen({ what: 'add' }) } : undefined}
        columns={[
          {
            title: t('person.person'),
            cell: ({ id }) => (
              <span className="mono" title={id}>
                {shortId(id)}
              </span>
            ),
          },
          { title: t('person.lists'), cell: ({ entries }) => <Entries entries={entries} /> },
          { title: t('person.faces'), isNumber: true, cell: ({ faces }) => number(faces) },
          { title: t('column.added'), isExtra: true, cell: ({ added_at }) => <Ago at={added_at} /> },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (person) => (
              <>
                {mayReadNames && (
                  <Button tone="quiet" onClick={() => void showName(person.id)}>
                    {t('person.showName')}
                  </Button>
                )}
                {mayWrite && person.entries.some(({ list, revoked_at }) => list === 'consent' && revoked_at === null) && (
                  <Button tone="quiet" onClick={() => setOpen({ what: 'revoke', person })}>
                    {t('person.revoke')}
                  </Button>
                )}
                {mayWrite && (
                  <Button tone="quiet" onClick={() => setOpen({ what: 'remove', person })}>
                    {t('manage.delete')}
                  </Button>
                )}
              </>
            ),
          },
        ]}
      />
      {open?.what === 'add' && <PersonForm onClose={close} />}
      {open?.what === 'revoke' && (
        <Confirm
          title={t('person.revoke')}
          text={t('person.revokeText')}
          confirm={t('person.revoke')}
          onConfirm={() => revoke.mutate(open.person.id)}
          onClose={close}
        />
      )}
      {open?.what === 'remove' && (
        <Confirm
          title={t('person.remove')}
          text={t('person.removeText')}
          confirm={t('manage.delete')}
          typed={open.person.id.slice(-4)}
          onConfirm={() => remove.mutate(open.person.id)}
          onClose={close}
        />
      )}
    </>
  );
}

const TONES: Readonly<Record<string, string>> = { consent: 'good', protected: 'warn', no_consent: 'bad' };

function Entries({ entries }: { readonly entries: readonly PersonEntry[] }) {
  const { t, named } = useWords();
  return (
    <ul className="chips">
      {entries.map(({ id, list, scope, expires_at, revoked_at }) => (
        <li key={id}>
          <span className={`chip ${revoked_at === null ? (TONES[list] ?? '') : 'struck'}`}>{named('personList', list)}</span>
          <span className="small soft">
            {scope?.purposes.map((one) => named('purpose', one)).join(', ')}
            {revoked_at !== null ? (
              <>
                {' '}
                {t('person.revoked')} <Day at={revoked_at} />
              </>
            ) : (
              expires_at !== null && (
                <>
                  {' '}
                  {t('kill.until')} <Day at={expires_at} />
                </>
              )
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
