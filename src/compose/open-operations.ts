import { settleAlerts, type TellAlert } from '../operations/alerts.ts';
import { burnRate } from '../operations/burn.ts';
import { type SloCounts, sloCounts } from '../operations/counts.ts';
import { rollUp } from '../operations/roll-up.ts';
import { SLOS } from '../operations/slos.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

interface OperationsBuild {
  readonly db: Database;
  readonly raiseAlert: TellAlert;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** The board is so old at most, and an alarm so late. */
const TURN_MS = 20_000;

/** Counts what happens from now on, and sounds alarms. A scrape of /metrics reads what the last turn left, and asks no database. */
export function openOperations({ db, raiseAlert, telemetry, closers }: OperationsBuild): void {
  const turn = async () => {
    await rollUp(db);
    const counts = await sloCounts(db, new Date());
    telemetry.sloMeasured(measured(counts));
    await settleAlerts(db, counts, raiseAlert);
  };
  let turning: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    turning = turning.then(turn).catch((error: unknown) => telemetry.stageFailed(error, 'operations'));
  }, TURN_MS).unref();
  closers.add(async () => {
    clearInterval(timer);
    await turning;
  });
}

function measured(counts: SloCounts) {
  return SLOS.flatMap((slo) =>
    [...(counts.get(slo.id) ?? [])].map(([window, { good, bad }]) => ({
      slo: slo.id,
      objective: slo.objective,
      window,
      good,
      bad,
      burn: burnRate({ good, bad }, slo),
    })),
  );
}
