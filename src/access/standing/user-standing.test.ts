import { describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { aSubmission } from '../../contracts/stages.fixture.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { createDoor } from '../door/door.ts';
import { addMeasure, liftMeasures, type MeasureKind } from './measure.ts';
import { createUserStanding } from './user-standing.ts';

const DAY_MS = 86_400_000;
const userDigest = (application: string, user: string) => `${application}/${user}`;
/** Something of the gateway that knows nothing but what the database says. */
const processAt = (db: Queryable) =>
  createUserStanding({ db, door: createDoor({ db }), userDigest, limited: { requests: 2, perMinutes: 60 } });

/** As the platform names its user in clear, in the body. */
const named = (...endUsers: string[]) => aSubmission({ conversation: { conversations: [], endUsers } });
const vouchedFor = (id: string, verified = false) => {
  const user = { id, tier: 'free' as const, verified, age: null, region: null, locale: null };
  return aSubmission({ caller: { keyId: 'key_one', application: 'default', surface: 'api', user } });
};

function impose(db: Queryable, action: MeasureKind, { user = 'anna', until = null }: { user?: string; until?: Date | null } = {}) {
  const nobody = { reasons: ['planted'], caseId: null, caseDecisionId: null, generationId: null, decisionId: null, by: 'key_op' };
  return addMeasure(db, { application: 'default', userDigest: userDigest('default', user), action, until, ...nobody });
}

describeEachDatabase('what a person decided about an end user', (open) => {
  it('counts in another process with the next request, under every name of theirs, and so does its lift', async () => {
    const db = await open();
    const [one, other] = [processAt(db), processAt(db)];
    for (const process of [one, other]) await process.requireGood(named('anna'), false);
    const until = new Date(Date.now() + DAY_MS);
    const measure = await db.transaction((tx) => impose(tx, 'suspend', { until }));
    for (const process of [one, other]) {
      for (const submission of [named('anna'), named('bert', 'anna'), vouchedFor('anna', true)]) {
        await expect(process.requireGood(submission, false)).rejects.toMatchObject({
          code: 'USER_SUSPENDED',
          standing: { action: 'suspend', until },
        });
        // Nor is an answer given again that was given before.
        await expect(process.requireGood(submission, true)).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
      }
      await process.requireGood(named('bert'), false);
      await process.requireGood(aSubmission(), false);
    }
    expect(await liftMeasures(db, [measure?.id ?? ''], { by: 'key_op', reason: 'a mistake' })).toHaveLength(1);
    for (const process of [one, other]) await process.requireGood(named('anna'), false);
  });

  it('is over when its time is, and of several the gravest counts', async () => {
    const db = await open();
    const standing = processAt(db);
    await impose(db, 'suspend', { until: new Date(Date.now() - 1_000) });
    await standing.requireGood(named('anna'), false);
    await impose(db, 'step_up');
    await standing.requireGood(vouchedFor('anna', true), false);
    await expect(standing.requireGood(vouchedFor('anna'), false)).rejects.toMatchObject({ code: 'USER_STEP_UP' });
    await impose(db, 'ban');
    await expect(standing.requireGood(vouchedFor('anna', true), false)).rejects.toMatchObject({ standing: { action: 'ban', until: null } });
  });

  it('limits them in all processes together, and an answer that is given again counts nothing', async () => {
    const db = await open();
    const [one, other] = [processAt(db), processAt(db)];
    await impose(db, 'limit');
    await Promise.all([one.requireGood(named('anna'), false), other.requireGood(named('anna'), false)]);
    for (let times = 0; times < 3; times++) await other.requireGood(named('anna'), true);
    for (const process of [one, other]) {
      const refused = await process.requireGood(named('anna'), false).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'USER_LIMITED', status: 429 });
      expect(refused instanceof ImprimaturError ? refused.retryAfterMs : null).toBeGreaterThan(3_500_000);
      expect([await process.isLimited(named('anna')), await process.isLimited(named('bert'))]).toEqual([true, false]);
    }
  });

  describe('cannot be read while the database is away', () => {
    it('so nobody is let in whom it could be about; when it is back it counts, for both', async () => {
      const db = await open();
      await impose(db, 'suspend');
      let isAway = true;
      const query: Database['query'] = (statement) =>
        isAway ? Promise.reject(new ImprimaturError('STORAGE_UNAVAILABLE')) : db.query(statement);
      const standing = processAt({ query });
      const early = named('bert');
      standing.begin(early);
      for (const submission of [early, named('anna'), named('bert')])
        await expect(standing.requireGood(submission, false)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', status: 503 });
      await standing.requireGood(aSubmission(), false);
      isAway = false;
      await standing.requireGood(named('bert'), false);
      await expect(standing.requireGood(named('anna'), false)).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
    });
  });
});
