import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/states.tsx';
import { to } from '../../routes.ts';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { CampaignDecision } from './campaign-decision.tsx';
import { CampaignMembers, SharedWords } from './campaign-members.tsx';

/** One cluster: its accounts as pseudonyms, its requests by id; what they share only when asked for, and each look is logged. */
export function CampaignPanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t, named } = useWords();
  const campaign = useQuery(managed.campaign(id));
  const mayDecide = useMay('cases.decide');
  const [deciding, setDeciding] = useState<'block' | 'release' | null>(null);
  const caseId = campaign.data?.case_id ?? null;
  return (
    <Dialog
      title={campaign.data === undefined ? t('nav.campaigns') : named('campaign.kind', campaign.data.kind)}
      onClose={onClose}
      className="side wide-side"
    >
      <div className="panel-form">
        <Loaded query={campaign}>{(data) => <CampaignMembers campaign={data} />}</Loaded>
        {mayDecide && <SharedWords id={id} />}
        <div className="actions">
          <Button onClick={onClose}>{t('state.close')}</Button>
          {caseId !== null && (
            <Link className="button" href={to.case(caseId)}>
              {t('campaign.toCase')}
            </Link>
          )}
          {mayDecide && caseId !== null && campaign.data?.state === 'open' && (
            <>
              <Button onClick={() => setDeciding('release')}>{t('campaign.clear')}</Button>
              <Button tone="danger" icon="block" onClick={() => setDeciding('block')}>
                {t('campaign.stop')}
              </Button>
            </>
          )}
        </div>
      </div>
      {deciding !== null && caseId !== null && <CampaignDecision caseId={caseId} decision={deciding} onClose={() => setDeciding(null)} />}
    </Dialog>
  );
}
