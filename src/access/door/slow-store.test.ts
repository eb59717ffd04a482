import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { aSubmission } from '../../contracts/stages.fixture.ts';
import { memoryEvidence } from '../../evidence/memory-evidence.fixture.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { createClaimReader } from '../claims/claim-reader.ts';
import type { Answer, Ask } from '../limits/counter-store.ts';
import { limitRuleSchema } from '../limits/limit-rule.ts';
import { writeLimit } from '../limits/limit-store.ts';
import { addMeasure } from '../standing/measure.ts';
import { createUserStanding } from '../standing/user-standing.ts';
import { createDoor, type Door } from './door.ts';

const ONCE = { application: 'shop', hash: Buffer.alloc(32, 7), until: new Date(Date.now() + 60_000) };
const WISH: Ask = {
  subject: '00000000-0000-4000-8000-000000000001',
  rule: 'a',
  tightenedBy: [],
  need: 1,
  least: 1,
  extra: 0,
  back: null,
};
const NOBODY_CAN_SAY = { code: 'STORAGE_UNAVAILABLE', status: 503, retryable: true };

const count = (door: Door) => new Promise<Answer | undefined>((answered, failed) => door.count({ ask: () => WISH, answered, failed }));

/** As `openDoor` opens it on PostgreSQL, but less patient. */
function impatient(db: Database): Queryable {
  return {
    query: (statement) =>
      db.transaction(async (tx) => {
        await tx.query({ text: 'set local statement_timeout = 150' });
        return tx.query(statement);
      }),
  };
}

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

/** A test that fails must not leave its database locked. */
const LONGEST_MS = 3_000;

/** From here on whoever needs what this statement locks waits, until the returned function is called. */
async function hang(db: Database, text: string): Promise<() => Promise<void>> {
  const [held, freed] = [gate(), gate()];
  const holding = db.transaction(async (tx) => {
    await tx.query({ text });
    held.open();
    await freed.passed;
  });
  await Promise.race([held.passed, holding]);
  setTimeout(freed.open, LONGEST_MS).unref();
  return () => {
    freed.open();
    return holding;
  };
}

const readerAt = (db: Database, door: Door) => createClaimReader({ db, evidence: memoryEvidence(), door });

function standingAt(db: Queryable) {
  const limited = { requests: 1, perMinutes: 60 };
  return createUserStanding({ db, door: createDoor({ db }), userDigest: (_, user) => user, limited });
}
const asAnna = () => aSubmission({ conversation: { conversations: [], endUsers: ['anna'] } });
const impose = (db: Database, action: 'suspend' | 'limit') => {
  const nobody = { reasons: [], caseId: null, caseDecisionId: null, generationId: null, decisionId: null, by: 'test' };
  return addMeasure(db, { application: 'shop', userDigest: 'anna', action, until: null, ...nobody });
};

describeEachDatabase('while the shared store hangs', (open, kind) => {
  const onServer = it.runIf(kind === 'postgres');

  onServer('a claim is not believed and soon answered, and counts once for its request when the store is back', async () => {
    const db = await open();
    const rule = limitRuleSchema.parse({ what: 'requests', limit: 10, window: 60 });
    await writeLimit(db, { id: 'a', rule, source: 'operator', reason: null, by: 'test' });
    const door = createDoor({ db: impatient(db) });
    const claims = readerAt(db, door);
    const goOn = await hang(db, 'lock table used_claims in access exclusive mode');
    const asked = () => Promise.allSettled([claims.use(ONCE, 'a request'), count(door)]);
    for (let tries = 0; tries < 2; tries++) {
      const [use, counted] = await asked();
      expect(use).toMatchObject({ status: 'rejected', reason: NOBODY_CAN_SAY });
      expect(counted.status).toBe('rejected');
    }
    await goOn();
    expect(await asked()).toMatchObject([{ value: 'first' }, { value: { given: 1, used: 1 } }]);
    expect(await claims.use(ONCE, 'a request')).toBe('again');
    await expect(claims.use(ONCE, 'another request')).rejects.toMatchObject({ code: 'USER_CLAIM_INVALID' });
    expect((await db.query({ text: 'select * from used_claims' })).rows).toHaveLength(1);
  });

  onServer('nobody who may be suspended is let in, and who is not is let in again when it is back', async () => {
    const db = await open();
    const standing = standingAt(impatient(db));
    const goOn = await hang(db, 'lock table user_measures in access exclusive mode');
    await expect(standing.requireGood(asAnna(), false)).rejects.toMatchObject(NOBODY_CAN_SAY);
    await goOn();
    await expect(standing.requireGood(asAnna(), false)).resolves.toBeUndefined();
    await impose(db, 'suspend');
    await expect(standing.requireGood(asAnna(), false)).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
  });

  onServer('a limited user is not let in uncounted, and what could not be counted is not', async () => {
    const db = await open();
    await impose(db, 'limit');
    const standing = standingAt(impatient(db));
    const goOn = await hang(db, 'select 1 from user_measures for update');
    await expect(standing.requireGood(asAnna(), false)).rejects.toMatchObject(NOBODY_CAN_SAY);
    await goOn();
    await expect(standing.requireGood(asAnna(), false)).resolves.toBeUndefined();
    await expect(standing.requireGood(asAnna(), false)).rejects.toMatchObject({ code: 'USER_LIMITED' });
  });

  it('a claim of whose use nobody heard, because the connection broke after the commit, is still for its own request alone', async () => {
    const db = await open();
    let isLost = true;
    const lossy: Queryable = {
      async query(statement) {
        const answer = await db.query<never>(statement);
        if (isLost) throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'the outcome is unknown' });
        return answer;
      },
    };
    const claims = readerAt(db, createDoor({ db: lossy }));
    await expect(claims.use(ONCE, 'a request')).rejects.toMatchObject(NOBODY_CAN_SAY);
    isLost = false;
    await expect(claims.use(ONCE, 'another request')).rejects.toMatchObject({ code: 'USER_CLAIM_INVALID' });
    expect(await claims.use(ONCE, 'a request')).toBe('again');
  });
});
