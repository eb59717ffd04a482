import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { CaseTable } from '../parts/case-table.tsx';
import { Page } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { useWords } from '../words/use-words.tsx';

export function NoticesPage() {
  const { t } = useWords();
  const notices = useQuery(queries.notices());
  return (
    <Page title={t('nav.notices')} intro={t('notices.intro')}>
      <Loaded query={notices}>{(lines) => <CaseTable label={t('nav.notices')} lines={lines} none={t('list.none')} />}</Loaded>
    </Page>
  );
}
