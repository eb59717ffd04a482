import { Page } from '../parts/page.tsx';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { FlaggersCard } from './registers/flaggers-card.tsx';
import { HashListsCard } from './registers/hash-lists-card.tsx';
import { OptOutsCard } from './registers/opt-outs-card.tsx';
import { PeopleCard } from './registers/people-card.tsx';
import { TakedownsCard } from './registers/takedowns-card.tsx';

/** What the checks compare with: people, opt-outs, known hashes; and who is believed first, and what is taken down. */
export function RegistriesPage() {
  const { t } = useWords();
  const readsTakedowns = useMay('notices.read');
  return (
    <Page title={t('nav.registries')} intro={t('registries.intro')}>
      <div className="boards">
        <PeopleCard />
        <OptOutsCard />
        <HashListsCard />
        <FlaggersCard />
        {readsTakedowns && <TakedownsCard />}
      </div>
    </Page>
  );
}
