import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Signal } from '../contracts/finding.ts';
import type { Judged } from '../contracts/stages.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';
import { coverageOf, type Waiver } from '../policy/coverage.ts';
import { watchLapses } from '../policy/lapsed-waivers.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, small } from '../policy/policy.fixture.ts';
import { closeLapsed, watchWaivers } from './lapsed-waivers.ts';

const LINES = 'thresholds: { hate: { hold: 0.5 }, violence_gore: { hold: 0.5 }, sexual_minors: { hold: 0.2, block: 0.3 } }\n';
const policy = loadPolicy(small(LINES), { checks: CHECKS });
const checks = CHECKS.map((check) => (check.id === 'file-sanity' ? { ...check, coverage: [] } : check));
const waiver = (category: Waiver['category'], looksAt: Waiver['looksAt'], until: string): Waiver => ({
  category,
  looksAt,
  until,
  reason: 'Only wallpaper.',
  by: 'J. Doe',
});
const waivers = [
  waiver('hate', 'input_image', '2026-12-31'),
  waiver('hate', 'artifact', '2026-12-31'),
  waiver('violence_gore', 'input_image', '2027-02-01'),
  waiver('violence_gore', 'artifact', '2026-12-31'),
  waiver('violence_gore', 'artifact', '2027-02-01'),
];
function started(isEnforced = true) {
  const rows = () => coverageOf({ policy, checks, waivers, now: new Date() });
  return { isEnforced, rows, lapses: watchLapses(rows) };
}
/** Every check has looked and found nothing, or what `signals` says. */
const looked = (...signals: Signal[]): CheckRunner => ({
  checks: [],
  run: async (inputs) => ({
    findings: inputs
      .filter(({ subject }) => subject.kind === 'artifact')
      .flatMap(({ subject }) => [
        { check: 'file-sanity', subject, durationMs: 1, kind: 'signals', signals },
        { check: 'known-hashes', subject, durationMs: 1, kind: 'signals', signals: [] },
      ]),
    expected: [],
  }),
});
const picture = { subject: { kind: 'artifact', index: 0 }, prompt: '', surface: 'api' } as const;
const words = { subject: { kind: 'prompt' }, prompt: '', surface: 'api' } as const;

function rulesOf({ findings, expected }: Judged, judging = policy): string[] {
  const asked = { stage: 'output', surface: 'api', operation: 'generate', at: new Date() } as const;
  return judging.evaluate({ ...asked, findings, expected }).rules.map(({ rule, action }) => `${rule} ${action}`);
}

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-12-31T23:59:59Z') }));
afterEach(() => void vi.useRealTimers());
const midnight = () => vi.setSystemTime('2027-01-01T00:00:00Z');

describe('a waiver that runs out while the gateway runs', () => {
  it('closes its category from that moment on, for the pictures that it stood for and for nothing else', async () => {
    const failures: string[] = [];
    const runner = closeLapsed(looked(), started(), (check) => failures.push(check));
    expect(rulesOf(await runner.run([picture]))).toEqual([]);
    midnight();
    const judged = await runner.run([words, picture]);
    expect(judged.findings.filter(({ kind }) => kind === 'failed')).toMatchObject([
      { check: 'coverage:hate', cause: 'missing', subject: picture.subject },
    ]);
    expect(failures).toEqual(['coverage:hate']);
    expect(rulesOf(judged)).toEqual(['failed:coverage:hate hold']);
  });

  it('is the worst answer for its own category and for no other: hate that nobody looks for makes no minor of a face', async () => {
    const runner = closeLapsed(looked({ category: 'sexual_minors', score: 0.15, reason: 'face:young' }), started(), () => undefined);
    midnight();
    expect(rulesOf(await runner.run([picture]))).toEqual(['failed:coverage:hate hold']);
  });

  it('blocks where the policy blocks for whatever could not tell', async () => {
    const strict = loadPolicy(small(LINES).replaceAll('whenFailed: hold', 'whenFailed: block'), { checks: CHECKS });
    const runner = closeLapsed(looked(), started(), () => undefined);
    midnight();
    expect(rulesOf(await runner.run([picture]), strict)).toEqual(['failed:coverage:hate block']);
  });

  it('closes nothing where gaps let the gateway start', () => {
    const runner = looked();
    expect(closeLapsed(runner, started(false), () => undefined)).toBe(runner);
  });

  it('is told before, and once when it is over: in the log, in the ledger, and by a metric', async () => {
    const told: object[] = [];
    const gauges = new Map<string, () => number | Promise<number>>();
    const log = { warn: (line: object) => told.push(line), error: (line: object) => told.push(line) };
    const entries: object[] = [];
    let isDown = true;
    const { look, stop } = watchWaivers(started(), {
      telemetry: {
        log: log as never,
        watch: (name, _help, read) => void gauges.set(name, read),
        stageFailed: () => undefined,
      },
      journal: {
        record: async (_rows, [entry]) => {
          if (isDown) throw new Error('the database is away');
          entries.push(entry);
        },
      },
    });
    const read = (name: string) => gauges.get(name)?.();
    expect(told).toEqual([{ event: 'coverage.waiver_ends', until: '2026-12-31', days: 1 }]);
    // Nobody ever answered for minors in pictures, nor for the two other floors for which nobody looks here.
    expect([read('imprimatur_coverage_gaps'), read('imprimatur_coverage_waiver_seconds')]).toEqual([5, 1]);
    midnight();
    await expect(look()).rejects.toThrow('away');
    isDown = false;
    await vi.advanceTimersByTimeAsync(120_000);
    const lapsed = ['hate:input_image:2026-12-31', 'hate:artifact:2026-12-31'];
    expect(told.filter((line) => 'lapsed' in line)).toMatchObject([{ event: 'coverage.lapsed', lapsed, closed: true }, { lapsed }]);
    expect(entries).toMatchObject([{ kind: 'coverage.lapsed', lapsed, closed: true }]);
    expect(read('imprimatur_coverage_gaps')).toBe(7);
    expect(read('imprimatur_coverage_waiver_seconds')).toBeLessThanOrEqual(0);
    await stop();
  });
});
