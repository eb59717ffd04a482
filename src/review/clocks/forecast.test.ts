import { describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { SHIPPED_DEADLINES } from '../../policy/deadlines.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { heldAct } from '../held.fixture.ts';
import { forecastQueue } from './forecast.ts';
import { createQueueForecasts } from './forecast-queues.ts';
import { obligationsUnder } from './obligations.ts';
import { createClockStarter } from './start-clocks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const calm = { inHand: 0, arrivals: [], people: [{ fromMs: 0, count: 1 }], handlingMs: 10 * MINUTE };
const inMinutes = (...minutes: number[]) => minutes.map((one) => one * MINUTE);

describe('the forecast of a queue', () => {
  it('breaks what is due before its turn is over', () => {
    const { breaches, firstBreachMs, decidedMs } = forecastQueue({ ...calm, dues: inMinutes(5, 25, 25, 300) }, 4 * HOUR);
    expect(decidedMs.map((ms) => ms / MINUTE)).toEqual([10, 20, 30, 40]);
    expect({ breaches, firstBreachMs }).toEqual({ breaches: 2, firstBreachMs: 5 * MINUTE });
  });

  it('breaks everything when nobody works, and counts nothing that was broken before or is due after the horizon', () => {
    const { breaches, firstBreachMs } = forecastQueue({ ...calm, people: [], dues: inMinutes(-5, 30, 200, 300) }, 4 * HOUR);
    expect({ breaches, firstBreachMs }).toEqual({ breaches: 2, firstBreachMs: 30 * MINUTE });
  });

  it('waits for those who come in an hour, if they came yesterday', () => {
    const people = [
      { fromMs: 0, count: 0 },
      { fromMs: HOUR, count: 2 },
    ];
    expect(forecastQueue({ ...calm, people, dues: inMinutes(50, 81, 86) }, 4 * HOUR)).toMatchObject({
      breaches: 1,
      firstBreachMs: 50 * MINUTE,
    });
  });

  it('lets whoever comes later with an earlier deadline go before', () => {
    const dues = inMinutes(90);
    const busy = { ...calm, inHand: 1, handlingMs: 50 * MINUTE, dues };
    expect(forecastQueue({ ...busy, handlingMs: 44 * MINUTE }, 4 * HOUR).breaches).toBe(0);
    const arrivals = [{ perMs: 1 / (60 * MINUTE), timeMs: 30 * MINUTE }];
    expect(forecastQueue({ ...busy, handlingMs: 44 * MINUTE, arrivals }, 4 * HOUR).breaches).toBe(1);
  });
});

describeEachDatabase('the forecast of all queues', (open) => {
  it('is made from who waits, who works and how long they took', async () => {
    const db = await open();
    await migrate(db);
    const started = createClockStarter(() => ({ obligations: obligationsUnder(SHIPPED_DEADLINES), markets: null }));
    // Due in 30 minutes each, but for the last.
    for (const [n, ago] of [3.5, 3.5, 3.5, 3.5, 1].entries()) {
      const act = heldAct(n);
      const openCase = { ...act.openCase!, opened_at: new Date(Date.now() - ago * HOUR).toISOString() };
      await db.transaction(async (tx) => {
        await writeActs(tx, [{ ...act, openCase }]);
        await started(tx, [openCase]);
      });
    }
    expect((await createQueueForecasts(db)()).get('general')).toMatchObject({ breaches_next_4h: 5, people: 0 });
    await db.query({
      text: `insert into case_leases (id, case_id, holder, fence, claimed_at, ended_at, how)
             select 'lease_' || n, 'case_0', 'key_1', n, clock_timestamp() - interval '22 minutes', clock_timestamp() - interval '10 minutes', 'decided'
             from generate_series(1, 3) n`,
    });
    const forecast = (await createQueueForecasts(db)()).get('general');
    // One person, twelve minutes each: two within half an hour.
    expect(forecast).toMatchObject({ breaches_next_4h: 2, people: 1, handling_seconds: 720 });
    expect((Date.parse(forecast!.first_breach_at!) - Date.now()) / MINUTE).toBeCloseTo(30, 0);
    await db.query({
      text: `update case_leases set claimed_at = claimed_at - interval '24 hours', ended_at = ended_at - interval '24 hours'`,
    });
    expect((await createQueueForecasts(db)()).get('general')).toMatchObject({ people: 0, breaches_next_4h: expect.any(Number) });
  });
});
