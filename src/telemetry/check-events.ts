import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

/** What is told of checks. */
export interface CheckEvents {
  checkFailed(check: string, cause: string): void;
  /** A check on trial was compared with those that decide. */
  shadowCompared(compared: { readonly check: string; readonly category: string; readonly outcome: string }): void;
}

export function createCheckEvents(log: Logger, registry: Registry): CheckEvents {
  const registers = [registry];
  const failed = new Counter({
    name: 'imprimatur_check_failures_total',
    help: 'Checks that could not tell.',
    labelNames: ['check', 'cause'],
    registers,
  });
  const shadows = new Counter({
    name: 'imprimatur_shadow_comparisons_total',
    help: 'Checks on trial, compared with those that decide: who of them would have stopped the category.',
    labelNames: ['check', 'category', 'outcome'],
    registers,
  });
  return {
    checkFailed(check, cause) {
      failed.inc({ check, cause });
      log.warn({ event: 'check.failed', check, cause });
    },
    shadowCompared({ check, category, outcome }) {
      shadows.inc({ check, category, outcome });
    },
  };
}
