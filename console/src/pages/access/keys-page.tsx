import { Page } from '../../parts/page.tsx';
import { useWords } from '../../words/use-words.tsx';
import { ApplicationsCard } from './applications-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { SurfacesCard } from './surfaces-card.tsx';

/** What opens the gateway: keys of callers and of staff, and the applications that they belong to. */
export function KeysPage() {
  const { t } = useWords();
  return (
    <Page title={t('nav.keys')} intro={t('keysPage.intro')}>
      <div className="boards">
        <KeysCard />
        <ApplicationsCard />
        <SurfacesCard />
      </div>
    </Page>
  );
}
