import { useQuery } from '@tanstack/react-query';
import { managed } from '../api/managed-queries.ts';
import { CampaignMembers, SharedWords } from '../pages/campaigns/campaign-members.tsx';
import { Loaded } from '../parts/states.tsx';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';

/** Who is decided on when a campaign is: its accounts and what they share, where a picture would stand. */
export function CampaignStage({ id }: { readonly id: string }) {
  const { t, named } = useWords();
  const campaign = useQuery(managed.campaign(id));
  const mayLook = useMay('cases.decide');
  return (
    <section className="stage words" aria-label={t('nav.campaigns')}>
      <div className="words-sheet campaign-sheet">
        <Loaded query={campaign}>
          {(data) => (
            <>
              <header>
                <h2>{named('campaign.kind', data.kind)}</h2>
                <p className="soft">
                  <strong className="numbers">{t('campaign.accounts', { n: data.accounts })}</strong> ·{' '}
                  <span className="numbers">{t('campaign.refusals', { n: data.refusals })}</span>
                  {data.applications.length > 0 && ` · ${data.applications.join(', ')}`}
                </p>
                <p className="small soft">{t('campaign.oneDecision')}</p>
              </header>
              {mayLook && <SharedWords id={id} />}
              <CampaignMembers campaign={data} />
            </>
          )}
        </Loaded>
      </div>
    </section>
  );
}
