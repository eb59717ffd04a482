import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { CaseTable } from '../parts/case-table.tsx';
import { Page } from '../parts/page.tsx';
import { Loaded, Notice } from '../parts/states.tsx';
import { queueWords } from '../words/queue-words.ts';
import { useWords } from '../words/use-words.tsx';
import { StartButton } from './queues-page.tsx';

/** One queue, case by case. */
export function CaseListPage({ queue }: { readonly queue: string }) {
  const { t, named } = useWords();
  const queues = useQuery(queries.queues());
  const cases = useQuery(queries.cases({ status: 'open', queue, limit: '100' }));
  const here = queues.data?.find(({ id }) => id === queue);
  const isNone = queues.data !== undefined && here === undefined;
  const { name, description } = here === undefined ? { name: named('queue', queue), description: '' } : queueWords(here, t);
  const canStart = here?.eligible && here.pending > 0;
  if (isNone) {
    return (
      <Page title={t('nav.queues')}>
        <Notice icon="lock" title={t('queues.unknown')} />
      </Page>
    );
  }
  return (
    <Page
      title={name}
      intro={[description, t('list.intro')].filter(Boolean).join(' ')}
      actions={<StartButton queue={queue} isDisabled={!canStart} />}
    >
      <Loaded query={cases}>{(lines) => <CaseTable label={name} lines={lines} none={t('list.none')} />}</Loaded>
    </Page>
  );
}
