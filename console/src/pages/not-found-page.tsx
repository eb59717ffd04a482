import { Link } from 'wouter';
import { Page } from '../parts/page.tsx';
import { Notice } from '../parts/states.tsx';
import { to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';

export function NotFoundPage() {
  const { t } = useWords();
  return (
    <Page title={t('state.noPage')}>
      <Notice icon="search" title={t('state.noPageText')}>
        <Link className="button" href={to.queues()}>
          {t('nav.queues')}
        </Link>
      </Notice>
    </Page>
  );
}
