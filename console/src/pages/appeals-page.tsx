import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { CaseTable } from '../parts/case-table.tsx';
import { Page } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { useWords } from '../words/use-words.tsx';

export function AppealsPage() {
  const { t } = useWords();
  const appeals = useQuery(queries.appeals());
  return (
    <Page title={t('nav.appeals')} intro={t('appeals.intro')}>
      <Loaded query={appeals}>{(lines) => <CaseTable label={t('nav.appeals')} lines={lines} none={t('list.none')} />}</Loaded>
    </Page>
  );
}
