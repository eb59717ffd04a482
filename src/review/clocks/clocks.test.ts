import { afterEach, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { type Alert, createAlerts } from '../../announcements/alerts.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type JobRunner, startJobs } from '../../jobs/job-runner.ts';
import { createJournal } from '../../ledger/journal.ts';
import { SHIPPED_DEADLINES } from '../../policy/deadlines.ts';
import type { CaseRow } from '../../storage/act.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { closeCase } from '../case-store.ts';
import { heldAct } from '../held.fixture.ts';
import { openCase } from '../open-case.ts';
import { stateOf } from './clock.ts';
import { clocksOf, countClocks } from './clock-store.ts';
import { obligationsUnder } from './obligations.ts';
import { pauseClock, resumeClock } from './pause-clock.ts';
import { type ClockEvent, ringClocks } from './ring-clock.ts';
import { createClockStarter, startMissingClocks } from './start-clocks.ts';
import { reopenClocks, stopClocks } from './stop-clocks.ts';
import { type TimerVerdict, takeSafeOutcomes } from './take-safe-outcome.ts';

const HOUR = 3_600_000;
const runners: JobRunner[] = [];
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop(500);
});

describeEachDatabase('the clocks of cases', (open) => {
  async function store({ markets = null as readonly string[] | null } = {}) {
    const db = await open();
    await migrate(db);
    const started = createClockStarter(() => ({ obligations: obligationsUnder(SHIPPED_DEADLINES), markets }));
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined, opened: started });
    const entries = async () =>
      (await db.query<{ entry: Buffer }>({ text: 'select entry from ledger_outbox order by id' })).rows.map(({ entry }) =>
        JSON.parse(entry.toString()),
      );
    const firstDue = async (id: string) =>
      (await db.query<{ first_due_at: Date | null }>({ text: 'select first_due_at from cases where id = $1', values: [id] })).rows[0]
        ?.first_due_at;
    /** A notice that arrived so long ago. */
    const notice = (more: { agoMs?: number; basis?: string; region?: string; categories?: CaseRow['categories'] } = {}) =>
      db.transaction((tx) =>
        openCase(
          tx,
          {
            about: { kind: 'notice', ids: { notice: 'ntc_1', ...(more.basis && { basis: more.basis }) } },
            categories: (more.categories ?? []) as [],
            openedAt: new Date(Date.now() - (more.agoMs ?? 0)),
            ...(more.region && { region: more.region }),
          },
          { kind: 'notice.received' },
          { journal },
        ),
      );
    /** A held prompt, whose answer was asked for so long ago. */
    const held = async (n: number, agoMs: number) => {
      const act = heldAct(n);
      const opened_at = new Date(Date.now() - agoMs).toISOString();
      await db.transaction(async (tx) => {
        const openCase = { ...act.openCase!, opened_at };
        await writeActs(tx, [{ ...act, openCase, entries: [Buffer.from('{"kind":"held"}')] }]);
        await started(tx, [openCase]);
      });
      return act.openCase!.id as `case_${string}`;
    };
    const told: ClockEvent[] = [];
    const alerts: Alert[] = [];
    const decided: TimerVerdict[] = [];
    const hidden: string[] = [];
    const hide = async ({ caseId }: Pick<TimerVerdict, 'caseId'>) => {
      hidden.push(caseId);
      return 'hide' as const;
    };
    const run = (decide: (verdict: TimerVerdict) => Promise<void> = async (verdict) => void decided.push(verdict)) => {
      const raise = createAlerts({ mail: null, to: { operations: [], child_safety: [] } });
      const raiseAlert: typeof raise = async (tx, alert) => {
        alerts.push(alert);
        await raise(tx, alert);
      };
      const kinds = [
        ringClocks({ journal, raiseAlert, told: (event) => told.push(event) }),
        takeSafeOutcomes({ db, journal, decide, hide }),
      ];
      runners.push(startJobs({ db, kinds, onError: () => undefined, pollMs: 25 }));
    };
    return { db, journal, entries, firstDue, notice, held, told, alerts, decided, hidden, run };
  }

  it('start with the case, in its transaction, and the first deadline stands on the case', async () => {
    const { db, held, firstDue } = await store();
    const id = await held(1, 0);
    const clocks = await clocksOf(db, id);
    expect(clocks.map(({ obligation, duration }) => [obligation, duration])).toEqual([
      ['review-target', 'PT4H'],
      ['hold-ends', 'P3D'],
    ]);
    expect(await firstDue(id)).toEqual(clocks[0]!.dueAt);
    expect(clocks[0]!.dueAt.getTime() - clocks[0]!.startedAt.getTime()).toBe(4 * HOUR);
    expect((await db.query({ text: 'select 1 from jobs' })).rowCount).toBe(2);
  });

  it('are those of the laws of the region a notice comes from, and of every law when nobody knows whence', async () => {
    const { db, notice } = await store();
    const names = async (id: `case_${string}`) => (await clocksOf(db, id)).map(({ obligation }) => obligation).sort();
    const about = { basis: 'intimate_image_report' };
    expect(await names(await notice({ ...about, region: 'US-CA' }))).toEqual(['notice-target', 'us-take-it-down']);
    expect(await names(await notice({ ...about, region: 'IN' }))).toEqual(['in-intimate-images', 'notice-target']);
    const everywhere = ['in-intimate-images', 'notice-target', 'uk-intimate-images', 'us-take-it-down'];
    expect(await names(await notice(about))).toEqual(everywhere);
    expect(await names(await notice({ categories: ['ncii_undress'] }))).toEqual(everywhere);
  });

  it('of laws of places where the service is not offered do not start for a notice of unknown origin', async () => {
    const { db, notice } = await store({ markets: ['DE', 'US-NY'] });
    const id = await notice({ basis: 'intimate_image_report' });
    expect((await clocksOf(db, id)).map(({ obligation }) => obligation).sort()).toEqual(['notice-target', 'us-take-it-down']);
  });

  it('ring at 50, 75 and 90 %, once each, and what was slept through rings once', async () => {
    const { held, entries, told, run, db } = await store();
    await held(1, 3.1 * HOUR);
    run();
    await expect.poll(() => told).toMatchObject([{ obligation: 'review-target', percent: 75 }]);
    expect(await entries()).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'case.alarm', obligation: 'review-target', percent: 75 })]),
    );
    const { rows } = await db.query<{ run_at: Date }>({
      text: "select run_at from jobs where queue = 'case-clock' order by run_at limit 1",
    });
    expect((rows[0]!.run_at.getTime() - Date.now()) / HOUR).toBeCloseTo(0.5, 1);
  });

  it('that a law has set cannot be paused or moved, through our functions or by a statement', async () => {
    const { db, notice } = await store();
    const id = await notice({ basis: 'intimate_image_report', region: 'US' });
    const clock = (await clocksOf(db, id)).find(({ isStatutory }) => isStatutory)!;
    await expect(db.transaction((tx) => pauseClock(tx, id, clock.id))).rejects.toMatchObject({ code: 'CLOCK_RUNS_ON' });
    for (const set of [
      'paused_at = now()',
      "due_at = due_at + interval '1 hour'",
      'is_statutory = false',
      "promised_at = promised_at + interval '1 hour'",
      'started_at = now()',
    ]) {
      await expect(db.query({ text: `update case_clocks set ${set} where id = $1`, values: [clock.id] }), set).rejects.toThrow();
    }
    expect((await clocksOf(db, id)).find(({ isStatutory }) => isStatutory)).toEqual(clock);
  });

  it('of our own can be paused: it rings no more, and goes on with the time that was left', async () => {
    const { db, held, firstDue, told, run } = await store();
    const id = await held(1, 3 * HOUR);
    const [target] = await clocksOf(db, id);
    await db.transaction((tx) => pauseClock(tx, id, target!.id));
    await db.query({ text: "update case_clocks set paused_at = paused_at - interval '2 hours' where id = $1", values: [target!.id] });
    expect((await firstDue(id))!.getTime()).toBeGreaterThan(Date.now() + 24 * HOUR);
    run();
    const resumed = await db.transaction((tx) => resumeClock(tx, id, target!.id));
    expect((resumed.dueAt.getTime() - target!.dueAt.getTime()) / HOUR).toBeCloseTo(2, 2);
    expect(await firstDue(id)).toEqual(resumed.dueAt);
    expect(told).toEqual([]);
  });

  it('stop when the case is closed and run on when that is undone', async () => {
    const { db, held, firstDue, told, run } = await store();
    const id = await held(1, 3 * HOUR);
    const [before] = await clocksOf(db, id);
    await db.transaction((tx) => closeCase(tx, { id, state: 'released', by: 'key_1' }, stopClocks));
    expect((await clocksOf(db, id)).map(stateOf)).toEqual(['met', 'met']);
    expect(await firstDue(id)).toBeNull();
    expect((await db.query({ text: "select 1 from jobs where queue = 'case-clock'" })).rowCount).toBe(0);
    await db.transaction((tx) => reopenClocks(tx, id));
    expect((await clocksOf(db, id))[0]!.dueAt).toEqual(before!.dueAt);
    run();
    await expect.poll(() => told).toMatchObject([{ percent: 75 }]);
  });

  it('that run out take the safe outcome of the policy, once, and both stand in the ledger', async () => {
    const { db, held, entries, decided, alerts, run } = await store();
    const id = await held(1, 73 * HOUR);
    run();
    run();
    await expect.poll(() => decided).toEqual([{ caseId: id, decision: 'block', obligation: 'hold-ends' }]);
    await expect
      .poll(
        async () =>
          (await entries())
            .filter(({ kind }) => kind === 'case.safe_outcome')
            .map(({ outcome }) => outcome)
            .sort(),
        { timeout: 5_000 },
      )
      .toEqual(['block', 'keep']);
    expect((await entries()).filter(({ kind }) => kind === 'case.deadline_passed')).toHaveLength(2);
    expect(alerts.map(({ key }) => key).sort()).toEqual(['clock:hold-ends:general:passed', 'clock:review-target:general:passed']);
    expect(await countClocks(db)).toEqual({ running: 2, broken: 2 });
  });

  it('that run out carry out an order, hide what was only reported, and never decide about suspected child abuse material', async () => {
    const { notice, entries, decided, hidden, told, run } = await store();
    const report = await notice({ agoMs: 49 * HOUR, basis: 'intimate_image_report', region: 'US' });
    const order = await notice({ agoMs: 4 * HOUR, basis: 'government_order', region: 'IN' });
    const restricted = await notice({ agoMs: 49 * HOUR, categories: ['sexual_minors'], region: 'US' });
    run();
    const outcomes = async () => (await entries()).filter(({ kind }) => kind === 'case.safe_outcome');
    await expect.poll(outcomes).toHaveLength(5);
    expect(decided).toEqual([{ caseId: order, decision: 'remove', obligation: 'in-order' }]);
    expect(hidden.toSorted()).toEqual([report, restricted].toSorted());
    expect(told.map(({ caseId }) => caseId)).not.toContain(restricted);
    expect((await outcomes()).filter((entry) => entry.case === restricted).map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining(['keep', 'hide']),
    );
  });

  it('start now for open cases from before there were clocks, once', async () => {
    const { db } = await store();
    await writeActs(db, [heldAct(1), heldAct(2)]);
    await db.query({ text: "update cases set state = 'released' where id = 'case_2'" });
    const rules = () => ({ obligations: obligationsUnder(SHIPPED_DEADLINES), markets: null });
    await startMissingClocks(db, rules);
    await startMissingClocks(db, rules);
    const clocks = await clocksOf(db, 'case_1');
    expect(clocks.map(({ obligation }) => obligation)).toEqual(['review-target', 'hold-ends']);
    expect(Date.now() - clocks[0]!.startedAt.getTime()).toBeLessThan(60_000);
    expect(await clocksOf(db, 'case_2')).toEqual([]);
  });

  it('of a case that is shown again to learn how people decide call nobody', async () => {
    const { db, held, entries, told, alerts, run } = await store();
    const id = await held(1, 73 * HOUR);
    await held(2, 0);
    await db.query({ text: "update cases set replays = 'case_2' where id = $1", values: [id] });
    run();
    await expect.poll(async () => (await entries()).filter(({ kind }) => kind === 'case.deadline_passed')).toHaveLength(2);
    expect([told, alerts]).toEqual([[], []]);
  });

  it('that had run out when a case was decided take their outcome once the decision is taken back', async () => {
    const { db, held, decided, run } = await store();
    const id = await held(1, 73 * HOUR);
    await db.query({ text: "update case_clocks set passed_at = now() - interval '1 second', alarmed = '{50,75,90}'" });
    await db.query({ text: 'delete from jobs' });
    await db.transaction((tx) => closeCase(tx, { id, state: 'released', by: 'user_x' }, stopClocks));
    await db.query({ text: "update cases set state = 'open', closed_at = null, closed_by = null" });
    await db.transaction((tx) => reopenClocks(tx, id));
    run();
    await expect.poll(() => decided).toEqual([{ caseId: id, decision: 'block', obligation: 'hold-ends' }]);
  });

  it('leave a case alone that somebody decided at the last moment', async () => {
    const { held, entries, run } = await store();
    await held(1, 73 * HOUR);
    let asked = 0;
    run(async () => {
      asked += 1;
      throw new ImprimaturError('CASE_NOT_OPEN');
    });
    await expect.poll(() => asked).toBe(1);
    await expect.poll(async () => (await entries()).filter(({ kind }) => kind === 'case.safe_outcome')).toHaveLength(1);
  });
});
