import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

/** What is told of background work and deadlines. */
export interface JobEvents {
  jobFailed(error: unknown, queue: string): void;
  /** An alarm of a deadline, in percent of its time; 100 when it has passed. */
  clockRang(event: { readonly caseId: string; readonly obligation: string; readonly percent: number }): void;
  webhookTried(outcome: 'delivered' | 'failed' | 'dead'): void;
}

export function createJobEvents(log: Logger, registry: Registry, describeError: (error: unknown) => string): JobEvents {
  const registers = [registry];
  const failed = new Counter({
    name: 'imprimatur_job_failures_total',
    help: 'Background work that failed and will be tried again, or will not.',
    labelNames: ['queue'],
    registers,
  });
  const rang = new Counter({
    name: 'imprimatur_clock_alarms_total',
    help: 'Alarms of deadlines, by percent of their time; 100: the deadline has passed.',
    labelNames: ['obligation', 'percent'],
    registers,
  });
  const tried = new Counter({
    name: 'imprimatur_webhook_attempts_total',
    help: 'Attempts to deliver an event, by how they ended.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    jobFailed(error, queue) {
      failed.inc({ queue });
      log.warn({ event: 'job.failed', queue, error: describeError(error) });
    },
    clockRang({ caseId, obligation, percent }) {
      rang.inc({ obligation, percent: String(percent) });
      log[percent === 100 ? 'warn' : 'info']({ event: 'clock.rang', case: caseId, obligation, percent });
    },
    webhookTried(outcome) {
      tried.inc({ outcome });
    },
  };
}
