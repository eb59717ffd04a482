import type { Finding } from '../contracts/finding.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';
import type { Journal } from '../ledger/journal.ts';
import { type CoverageReport, endOfWaiver, gapsOf, type Lapse } from '../policy/coverage.ts';
import { lapseCheck } from '../policy/lapse-guards.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

const LOOK_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** Somebody has to find a detector, or sign again. */
const WARN_DAYS = [30, 7, 1] as const;

/**
 * From the moment when a waiver runs out, what it stood for is a check that could not tell, on every picture of its kind: held, or
 * blocked where the policy blocks for whatever fails. Where gaps let the gateway start, a new one closes nothing.
 */
export function closeLapsed(
  runner: CheckRunner,
  { isEnforced, lapses }: Pick<CoverageReport, 'isEnforced' | 'lapses'>,
  onFailure: (check: string, cause: string) => void,
): CheckRunner {
  if (!isEnforced) return runner;
  return {
    checks: runner.checks,
    async run(inputs) {
      const judged = await runner.run(inputs);
      // Asked after the checks have looked: the picture leaves after this moment, not after theirs.
      const failed = lapses().flatMap((lapse) =>
        inputs.filter(({ subject }) => subject.kind === lapse.looksAt).map(({ subject }) => failedFor(lapse, subject)),
      );
      for (const { check } of failed) onFailure(check, 'missing');
      return failed.length === 0 ? judged : { ...judged, findings: [...judged.findings, ...failed] };
    },
  };
}

function failedFor({ category, until }: Lapse, subject: Finding['subject']): Finding {
  const detail = `nobody looks, and the waiver ended with ${until}`;
  return { check: lapseCheck(category), subject, durationMs: 0, kind: 'failed', cause: 'missing', detail };
}

interface WaiverAlarms {
  readonly telemetry: Pick<Telemetry, 'log' | 'watch' | 'stageFailed'>;
  readonly journal: Pick<Journal, 'record'>;
}

/** Tells 30, 7 and 1 days before a waiver runs out, and when it has: in the log and the ledger, and as metrics for alerts. */
export function watchWaivers(coverage: CoverageReport, { telemetry: { log, watch, stageFailed }, journal }: WaiverAlarms) {
  const told = new Set<string>();
  const look = async () => {
    const ending = [...endingSoon(coverage)].filter(([until, days]) => !told.has(`${until} ${days}`));
    for (const [until, days] of ending) {
      log.warn({ event: 'coverage.waiver_ends', until, days });
      told.add(`${until} ${days}`);
    }
    const lapsed = coverage.lapses().map(({ category, looksAt, until }) => `${category}:${looksAt}:${until}`);
    const fresh = lapsed.filter((one) => !told.has(one));
    if (fresh.length === 0) return;
    log.error({ event: 'coverage.lapsed', lapsed: fresh, closed: coverage.isEnforced, hint: 'imprimatur waivers sign, or a detector' });
    await journal.record({}, [{ kind: 'coverage.lapsed', lapsed: fresh, closed: coverage.isEnforced }]);
    // Until it stands in the ledger it is told again.
    for (const one of fresh) told.add(one);
  };
  watch(
    'imprimatur_coverage_gaps',
    'Categories by kind of picture that the policy names and nobody looks for.',
    () => gapsOf(coverage.rows()).length,
  );
  watch(
    'imprimatur_coverage_waiver_seconds',
    'Until the first waiver runs out; below 0 once one has, infinite where there is none.',
    () => (Math.min(...ends(coverage)) - Date.now()) / 1_000,
  );
  const failed = (error: unknown) => stageFailed(error, 'coverage');
  const timer = setInterval(() => void look().catch(failed), LOOK_EVERY_MS).unref();
  void look().catch(failed);
  return { look, stop: async () => clearInterval(timer) };
}

/** The last day of each waiver that ends soon, with the threshold that it crossed. */
function endingSoon({ rows }: CoverageReport): ReadonlyMap<string, number> {
  const soon = rows().flatMap(({ waiver }): [string, number][] => {
    const days = WARN_DAYS.findLast((threshold) => waiver !== undefined && endOfWaiver(waiver) - Date.now() <= threshold * DAY_MS);
    return waiver === undefined || days === undefined ? [] : [[waiver.until, days]];
  });
  return new Map(soon);
}

function ends({ rows, lapses }: CoverageReport): number[] {
  return [...lapses(), ...rows().flatMap(({ waiver }) => waiver ?? [])].map(endOfWaiver);
}
