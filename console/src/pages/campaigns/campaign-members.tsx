import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, bodyOf } from '../../api/client.ts';
import type { Campaign } from '../../api/watched.ts';
import { Button } from '../../parts/button.tsx';
import { shortId } from '../../parts/short-id.ts';
import { Table } from '../../parts/table.tsx';
import { Ago } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { to } from '../../routes.ts';
import { useWords } from '../../words/use-words.tsx';

/** The accounts of a campaign as pseudonyms, and its requests by id. */
export function CampaignMembers({ campaign: { members, generations, accounts } }: { readonly campaign: Campaign }) {
  const { t, number } = useWords();
  return (
    <>
      <h3>
        {t('campaign.members')} <span className="numbers">({number(accounts)})</span>
      </h3>
      <Table
        label={t('campaign.members')}
        rows={members}
        rowKey={({ user, application }) => `${application ?? ''}${user}`}
        columns={[
          {
            title: t('limits.user'),
            cell: ({ user }) => (
              <Link href={to.search(user)} className="mono" title={user}>
                {shortId(user)}
              </Link>
            ),
          },
          { title: t('key.application'), isExtra: true, cell: ({ application }) => application ?? '–' },
          { title: t('user.refused'), isNumber: true, cell: ({ refusals }) => number(refusals) },
          { title: t('campaign.lastSeen'), cell: ({ last_at }) => <Ago at={last_at} /> },
        ]}
      />
      <details>
        <summary>
          {t('campaign.generations')} <span className="numbers">({number(generations.length)})</span>
        </summary>
        <ul className="rows lined small">
          {generations.map((one) => (
            <li key={one}>
              <Link href={to.search(one)} className="mono" title={one}>
                {shortId(one)}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** What the accounts share, only when asked for, and each look is logged. */
export function SharedWords({ id }: { readonly id: string }) {
  const { t } = useWords();
  const words = useMutation({
    mutationFn: async () => bodyOf(api.POST('/v1/behavior/campaigns/{id}/words', { params: { path: { id } }, body: {} })),
  });
  return (
    <section className="panel-section" aria-live="polite">
      <h3>{t('campaign.words')}</h3>
      {words.data === undefined && (
        <Button icon="eye" onClick={() => words.mutate()} isDisabled={words.isPending}>
          {t('campaign.showWords')}
        </Button>
      )}
      {words.isError && <p className="soft">{t('campaign.wordsGone')}</p>}
      {words.data !== undefined && (
        <>
          {words.data.phrases.map((one) => (
            <p key={one} className="prompt">
              <UserText text={one} />
            </p>
          ))}
          <ul className="rows lined small">
            {words.data.prompts.map(({ generation_id, text }) => (
              <li key={generation_id}>
                <UserText text={text} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
