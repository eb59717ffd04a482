import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Queue } from '../api/answers.ts';
import { queries } from '../api/queries.ts';
import { useAction } from '../keys/dispatch.ts';
import { Button } from '../parts/button.tsx';
import { ExposureMeter } from '../parts/exposure.tsx';
import { Page } from '../parts/page.tsx';
import { Loaded, Notice } from '../parts/states.tsx';
import { to } from '../routes.ts';
import { useMe } from '../shell/signed-in.tsx';
import { queueWords } from '../words/queue-words.ts';
import { useWords } from '../words/use-words.tsx';
import { byForecast } from './by-forecast.ts';
import { QueueCard } from './queue-card.tsx';
import { useStart } from './use-start.ts';

/** Where a shift begins: which queue needs me first, and one key to start. */
export function QueuesPage() {
  const { t } = useWords();
  const queues = useQuery(queries.queues());
  return (
    <Page title={t('nav.queues')} intro={t('queues.intro')} actions={<MyDay />}>
      <Loaded query={queues}>{(list) => <Cards queues={byForecast(list)} />}</Loaded>
    </Page>
  );
}

function Cards({ queues }: { readonly queues: readonly Queue[] }) {
  const { t } = useWords();
  const start = useStart();
  const [waiting, empty] = [queues.filter(({ pending }) => pending > 0), queues.filter(({ pending }) => pending === 0)];
  const first = waiting.find(({ eligible }) => eligible);
  useAction('start', () => first !== undefined && start.mutate(first.id), first !== undefined);
  return (
    <>
      {waiting.length === 0 && <Notice icon="check" title={queues.length === 0 ? t('queues.none') : t('queues.allClear')} />}
      <ul className="queue-cards">
        {waiting.map((queue) => (
          <QueueCard
            key={queue.id}
            queue={queue}
            isFirst={queue === first}
            onStart={() => start.mutate(queue.id)}
            isStarting={start.isPending}
          />
        ))}
      </ul>
      {empty.length > 0 && (
        <section className="empty-queues">
          <h2>{t('queues.clear')}</h2>
          <ul>
            {empty
              .map((queue) => ({ id: queue.id, ...queueWords(queue, t) }))
              .map(({ id, name, description }) => (
                <li key={id}>
                  <Link href={to.list(id)} title={description}>
                    {name}
                  </Link>
                </li>
              ))}
          </ul>
        </section>
      )}
    </>
  );
}

function MyDay() {
  const { t } = useWords();
  const { exposure } = useMe();
  return (
    <>
      {exposure !== null && <ExposureMeter exposure={exposure} />}
      <Link className="button quiet" href={to.break()}>
        {t('break.take')}
      </Link>
    </>
  );
}

/** For the page of one queue: the same way to begin. */
export function StartButton({ queue, isDisabled }: { readonly queue: string; readonly isDisabled: boolean }) {
  const { t } = useWords();
  const start = useStart();
  useAction('start', () => start.mutate(queue), !isDisabled);
  return (
    <Button tone="primary" action="start" isDisabled={isDisabled || start.isPending} onClick={() => start.mutate(queue)}>
      {t('queues.start')}
    </Button>
  );
}
