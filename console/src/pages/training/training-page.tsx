import { Page } from '../../parts/page.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { CalibrationsCard } from './calibrations-card.tsx';
import { GoldCard } from './gold-card.tsx';

/** Where a team learns to decide alike: rounds for everybody, gold cases for those who lead. */
export function TrainingPage() {
  const { t } = useWords();
  const mayManage = useMay('quality.manage');
  return (
    <Page title={t('nav.training')} intro={t('training.intro')}>
      <div className="boards">
        <CalibrationsCard />
        {mayManage && <GoldCard />}
      </div>
    </Page>
  );
}
