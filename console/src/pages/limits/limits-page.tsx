import { Page } from '../../parts/page.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { LimitsCard } from './limits-card.tsx';
import { UsageCard } from './usage-card.tsx';

/** How much may be asked, what was asked of it, and what was used for the bill. */
export function LimitsPage() {
  const { t } = useWords();
  const readsUsage = useMay('usage.read');
  return (
    <Page title={t('nav.limits')} intro={t('limits.intro')}>
      <div className="boards">
        <LimitsCard />
        {readsUsage && <UsageCard />}
      </div>
    </Page>
  );
}
