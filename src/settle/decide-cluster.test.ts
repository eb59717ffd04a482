import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { CaseId } from '../contracts/ids.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { bandsOf } from '../registries/pdq/pdq-bands.ts';
import { formatPdq, parsePdq } from '../registries/pdq/pdq-bits.ts';
import { findCase } from '../review/case-store.ts';
import { claimEffects } from '../review/decision-store.ts';
import { plainWish } from '../review/decision-wish.ts';
import { claimCase } from '../review/leases.ts';
import { clusterOf, picturesOf, probeOf, similarCases } from '../review/pictures/look-alikes.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { planted } from '../toolbox.fixture.ts';
import { decideCluster, undoTogether } from './decide-cluster.ts';
import { reviewCase } from './review-case.ts';
import { settleDecision } from './settle-decision.ts';

const [ada, bea] = [
  { id: 'user_ada', roles: ['reviewer'] },
  { id: 'user_bea', roles: ['reviewer'] },
] as const;

/** Hashes as they are of one picture and its copies, with so many bits turned; `x` is another picture. */
const HASH = 'a5'.repeat(32);
const turned = (nibbles: number) => `${'0'.repeat(nibbles)}${HASH.slice(nibbles)}`;
const OTHER = '3c'.repeat(32);

describeEachDatabase('look-alikes', (open) => {
  async function held(hashes: readonly string[]) {
    const db = await open();
    const stored = await storedStage(db, { find: ({ subject }) => (subject.kind === 'artifact' ? [planted(subject, 'hate', 0.6)] : []) });
    const ids: CaseId[] = [];
    for (const hash of hashes) {
      const outcome = await (await stored.conductor.conduct(aSubmission({}))).outcome;
      if (outcome.kind !== 'held') throw new Error('not held');
      const bits = parsePdq(hash);
      if (bits === undefined) throw new Error('no hash');
      await db.query({
        text: "insert into case_pictures (case_id, media_id, width, height, pdq, bands) values ($1, 'art', 9, 9, $2::bit(256), $3)",
        values: [outcome.caseId, `x${formatPdq(bits)}`, bandsOf(bits)],
      });
      ids.push(outcome.caseId);
    }
    const states = async () => Promise.all(ids.map(async (id) => (await findCase(db, id))?.state));
    const first = async () => {
      const found = await findCase(db, ids[0] ?? 'case_');
      if (found === null) throw new Error('no case');
      return found;
    };
    const decide = async (wish: Parameters<typeof plainWish>[0] | object = {}) => {
      const found = await first();
      return decideCluster(
        found,
        plainWish({ caseId: found.id, staff: ada, decision: 'block', reasons: ['hate'], ...wish }),
        stored.review,
      );
    };
    return { ...stored, db, ids, states, first, decide };
  }

  it('are found up to 31 bits away, and no others', async () => {
    const { db, ids, first } = await held([HASH, turned(4), turned(16), OTHER]);
    const found = await first();
    expect(await clusterOf(db, found, probeOf(await picturesOf(db, found.id)))).toEqual(ids.slice(0, 2));
  });

  it('are decided together, but for those that somebody works on, and taken back together', async () => {
    const { db, ids, states, decide, review } = await held([HASH, turned(1), turned(2), turned(3), OTHER]);
    await claimCase(db, { caseId: ids[3] ?? 'case_', staff: bea.id });
    const { decided, skipped } = await decide({ undoSeconds: 10 });
    expect([decided, skipped]).toEqual([ids.slice(1, 3), []]);
    expect(await states()).toEqual(['blocked', 'blocked', 'blocked', 'open', 'open']);
    await undoTogether(ids[0] ?? 'case_', ada, review);
    expect(await states()).toEqual(['open', 'open', 'open', 'open', 'open']);
  });

  it('teach the next reviewer what was decided before', async () => {
    const { db, ids, first, review } = await held([HASH, turned(2)]);
    await reviewCase(plainWish({ caseId: ids[1] ?? 'case_', staff: bea, decision: 'block', reasons: ['hate'] }), review);
    const found = await first();
    const search = { found, probe: probeOf(await picturesOf(db, found.id)), limit: 5 };
    expect(await similarCases(db, { ...search, queues: ['harm'] })).toMatchObject([{ caseId: ids[1], decision: 'block', distance: 4 }]);
    expect(await similarCases(db, { ...search, queues: ['general'] })).toEqual([]);
  });

  it('leave as published pictures when the process that was to see to it has died', async () => {
    const { db, ids, decide, review, store } = await held([HASH]);
    await decide({ decision: 'release', undoSeconds: 10 });
    await db.query({ text: "update case_decisions set effective_at = now() - interval '1 second'" });
    expect(await claimEffects(db, { owner: 'ins_dead', limit: 5 })).toHaveLength(1);
    expect(await claimEffects(db, { owner: 'ins_b', limit: 5 })).toEqual([]);
    await db.query({ text: "update case_decisions set effect_until = now() - interval '1 second'" });
    const claimed = await claimEffects(db, { owner: 'ins_b', limit: 5 });
    for (const made of [...claimed, ...claimed]) await settleDecision(made, review);
    const found = await findCase(db, ids[0] ?? 'case_');
    const generation = found?.kind === 'generation' ? await store.find(found.generationId) : null;
    expect([found?.settlesAt, generation?.state]).toEqual([null, 'published']);
  });
});
