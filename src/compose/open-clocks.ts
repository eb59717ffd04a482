import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Deadlines } from '../policy/deadlines.ts';
import { obligationsUnder } from '../review/clocks/obligations.ts';
import { type ClockRules, createClockStarter, startMissingClocks } from '../review/clocks/start-clocks.ts';
import { reopenClocks, stopClocks } from '../review/clocks/stop-clocks.ts';
import type { Database } from '../storage/database.ts';

/** The deadlines that start with a case. The journal needs them before the policy is read, and no case is opened until then. */
export function openClocks({ values }: Config) {
  let rules: ClockRules | null = null;
  const known = () => {
    if (rules === null) throw new ImprimaturError('INTERNAL', { detail: 'A case was opened before the policy was read.' });
    return rules;
  };
  return {
    caseOpened: createClockStarter(known),
    startMissing: (db: Database) => startMissingClocks(db, known),
    closed: stopClocks,
    reopened: reopenClocks,
    knowPolicy(deadlines: Deadlines) {
      rules = { obligations: obligationsUnder(deadlines), markets: values.clocks.markets ?? null };
    },
  };
}
