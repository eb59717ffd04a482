import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';

/** A category that the configuration lets pass when a classifier outside fails. */
interface OpenMode {
  readonly category: string;
  /** The last day, for the log; and its last moment, milliseconds since 1970. */
  readonly until: string;
  readonly untilMs: number;
  readonly reason: string;
  readonly isInForce: boolean;
}

/** What is told of classifiers outside that may fail without holding anything. */
export interface ClassifierEvents {
  /** At the start, for each such category, whether it still holds or is over. */
  classifierOpen(open: OpenMode): void;
  /** A category passed unjudged because it is open. */
  classifierPassed(unjudged: { readonly classifier: string; readonly category: string; readonly cause: string }): void;
}

export function createClassifierEvents(log: Logger, registry: Registry): ClassifierEvents {
  const registers = [registry];
  const open = new Gauge({
    name: 'imprimatur_classifier_open_until_seconds',
    help: 'Categories that pass when a classifier outside fails, by the time at which that ends (seconds since 1970).',
    labelNames: ['category'],
    registers,
  });
  const passed = new Counter({
    name: 'imprimatur_classifier_open_total',
    help: 'Categories that passed unjudged because a classifier outside failed and they are open.',
    labelNames: ['classifier', 'category', 'cause'],
    registers,
  });
  return {
    classifierOpen({ category, until, untilMs, reason, isInForce }) {
      if (isInForce) open.set({ category }, Math.floor(untilMs / 1000));
      log.warn({ event: isInForce ? 'classifier.open_in_force' : 'classifier.open_over', category, until, reason });
    },
    classifierPassed({ classifier, category, cause }) {
      passed.inc({ classifier, category, cause });
      log.warn({ event: 'classifier.open', classifier, category, cause });
    },
  };
}
