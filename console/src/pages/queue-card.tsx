import { Link } from 'wouter';
import type { Queue } from '../api/answers.ts';
import { Button } from '../parts/button.tsx';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/icons.tsx';
import { Ago } from '../parts/time.tsx';
import { to } from '../routes.ts';
import { queueWords } from '../words/queue-words.ts';
import { useWords } from '../words/use-words.tsx';

const HORIZON_MS = 4 * 3_600_000;

interface QueueCardProps {
  readonly queue: Queue;
  /** The one that Enter starts. */
  readonly isFirst: boolean;
  readonly isStarting: boolean;
  readonly onStart: () => void;
}

export function QueueCard({ queue, isFirst, isStarting, onStart }: QueueCardProps) {
  const { t, named, number, span } = useWords();
  const now = useNow();
  const title = `queue-${queue.id}`;
  const { name, description } = queueWords(queue, t);
  const canStart = queue.eligible && queue.pending > 0;
  return (
    <li className={`queue-card${queue.eligible ? '' : ' closed'}`} aria-labelledby={title}>
      <header>
        <h2 id={title}>
          <Link href={to.list(queue.id)}>{name}</Link>
        </h2>
        <Forecast queue={queue} now={now} />
      </header>
      <p className="soft">{description}</p>
      <dl className="figures">
        <div>
          <dt>{t('queues.pending')}</dt>
          <dd className="numbers">{number(queue.pending)}</dd>
        </div>
        <div>
          <dt>{t('queues.firstDue')}</dt>
          <dd className="numbers">{queue.first_due_at === null ? '–' : dueText(queue.first_due_at, now, span, t('queues.overdue'))}</dd>
        </div>
        <div>
          <dt>{t('queues.oldest')}</dt>
          <dd className="numbers">{queue.oldest_at === null ? '–' : span(now - new Date(queue.oldest_at).getTime())}</dd>
        </div>
      </dl>
      <Horizon dueAt={queue.first_due_at} now={now} />
      <footer>
        {queue.blocked_because === null ? (
          <span className="small soft">{queue.mine > 0 ? t('queues.mine', { n: queue.mine }) : ''}</span>
        ) : (
          <span className="small blocked">
            <Icon name="lock" size={14} />
            <span>
              {named('paused', queue.blocked_because.because)}
              {queue.blocked_because.resumes_at !== null && (
                <>
                  {' '}
                  {t('queues.again')} <Ago at={queue.blocked_because.resumes_at} />
                </>
              )}
            </span>
          </span>
        )}
        <Button
          tone={isFirst ? 'primary' : 'plain'}
          {...(isFirst ? { action: 'start' as const } : {})}
          isDisabled={!canStart || isStarting}
          onClick={onStart}
          title={t('queues.startOf', { name })}
        >
          {t('queues.start')}
        </Button>
      </footer>
    </li>
  );
}

function dueText(at: string, now: number, span: (ms: number) => string, overdue: string): string {
  const left = new Date(at).getTime() - now;
  return left < 0 ? `${overdue} ${span(left)}` : span(left);
}

/** What the next four hours bring, as a word, a sign and a color. */
function Forecast({ queue, now }: { readonly queue: Queue; readonly now: number }) {
  const { t } = useWords();
  const breaches = queue.forecast?.breaches_next_4h ?? 0;
  const isLate = queue.first_due_at !== null && new Date(queue.first_due_at).getTime() < now;
  if (isLate) return <Chip tone="bad" icon="warn" text={t('queues.late')} />;
  if (breaches > 0) return <Chip tone="warn" icon="warn" text={t('queues.breaches', { n: breaches })} />;
  if (queue.pending === 0) return <Chip tone="plain" icon="check" text={t('queues.clear')} />;
  return <Chip tone="good" icon="check" text={t('queues.onTime')} />;
}

function Chip({ tone, icon, text }: { readonly tone: string; readonly icon: 'warn' | 'check'; readonly text: string }) {
  return (
    <span className={`chip ${tone}`}>
      <Icon name={icon} size={12} /> {text}
    </span>
  );
}

/** The next four hours as a line; a mark where the first deadline stands, and none where it comes later. */
function Horizon({ dueAt, now }: { readonly dueAt: string | null; readonly now: number }) {
  const { t, span } = useWords();
  const left = dueAt === null ? null : new Date(dueAt).getTime() - now;
  const share = left === null ? null : Math.max(0, left / HORIZON_MS);
  return (
    <div className="horizon" aria-hidden="true">
      <svg viewBox="0 0 240 12" preserveAspectRatio="none" aria-hidden="true">
        <line x1="4" x2="236" y1="6" y2="6" />
        {[0, 1, 2, 3, 4].map((hour) => (
          <line key={hour} x1={4 + hour * 58} x2={4 + hour * 58} y1="3" y2="9" />
        ))}
        {share !== null && share <= 1 && (
          <rect x={2 + share * 232} y="1" width="4" height="10" rx="1" className={share < 0.25 ? 'near' : ''} />
        )}
      </svg>
      <span>{t('queues.now')}</span>
      <span>{span(HORIZON_MS)}</span>
    </div>
  );
}
