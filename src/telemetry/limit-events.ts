import { Counter, type Registry } from 'prom-client';

/** What is told of limits, by the limit's name. */
export interface LimitEvents {
  limitRefused(limit: string): void;
  limitWarned(limit: string): void;
}

export function createLimitEvents(registry: Registry): LimitEvents {
  const registers = [registry];
  const labelNames = ['limit'];
  const refused = new Counter({
    name: 'imprimatur_limit_refusals_total',
    help: 'Requests that a limit turned away.',
    labelNames,
    registers,
  });
  const warned = new Counter({
    name: 'imprimatur_limit_warnings_total',
    help: 'Counts of which so much was used in a window that somebody wanted to know.',
    labelNames,
    registers,
  });
  return {
    limitRefused: (limit) => refused.inc({ limit }),
    limitWarned: (limit) => warned.inc({ limit }),
  };
}
