import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Queryable } from '../../storage/database.ts';
import type { CoverageReport } from '../coverage.ts';
import { loadPolicy } from '../load-policy.ts';
import { CHECKS, promptInput, promptSays, small } from '../policy.fixture.ts';
import { activate, activeOf, adoptConfigured } from './activations.ts';
import { createExceptionBook, createPolicyInForce, type Judging } from './in-force.ts';
import { keepVersion } from './policy-versions.ts';

const COVERED: CoverageReport = { isEnforced: false, rows: () => [], lapses: () => [] };
const journal = { recordIn: async () => undefined };

/** A process, as far as policies go. */
function started(checks = CHECKS) {
  const exceptions = createExceptionBook();
  const prepare = async (text: string): Promise<Judging> => ({
    policy: loadPolicy(text, { checks, exceptions: exceptions.current }),
    runner: { checks: [], run: async () => ({ findings: [], expected: [] }) },
    coverage: COVERED,
  });
  const configured: Judging = {
    policy: loadPolicy(small(), { checks: CHECKS }),
    runner: { checks: [], run: async () => ({ findings: [], expected: [] }) },
    coverage: COVERED,
  };
  const told: unknown[] = [];
  return { told, inForce: createPolicyInForce({ configured, prepare, exceptions, onError: (error) => told.push(error) }) };
}

const STRICTER = small('thresholds: { hate: { block: 0.1 } }\n');
const stricter = loadPolicy(STRICTER, { checks: CHECKS }).ref;
const configured = loadPolicy(small(), { checks: CHECKS }).ref;
const keep = (db: Queryable, ref: typeof configured, text: string) =>
  keepVersion(db, { ref, text, origin: 'proposal', by: 'user_ed', note: null, tests: null });

/** As if boards had approved it. */
async function approved(db: Queryable): Promise<void> {
  await db.query({
    text: `insert into cases (id, kind, state, queue, subject, categories, opened_at) values ('case_1', 'approval', 'released', 'approvals', '{}', '{}', now())`,
  });
  await db.query({
    text: `insert into policy_activations (id, digest, replaces, state, asked_by, case_id) values ('pact_1', $1, $2, 'asked', 'user_ed', 'case_1')`,
    values: [stricter.digest, configured.digest],
  });
  await activate(db, { id: 'pact_1', digest: stricter.digest });
}

describeEachDatabase('the policy in force', (open) => {
  it('is in every process what boards activated, whatever the configuration says, until a file alone decides', async () => {
    const db = await open();
    const [a, b] = [started(), started()];
    await keep(db, configured, small());
    await keep(db, stricter, STRICTER);
    await adoptConfigured(db, { digest: configured.digest, isAlone: false }, journal);
    const faint = promptInput([promptSays({ category: 'hate', score: 0.2, reason: 'r' })]);
    const says = ({ inForce }: typeof a) => inForce.policy.evaluate(faint).rules.map(({ rule }) => rule);
    expect(says(b)).not.toContain('threshold:hate:block');
    const before = a.inForce.now();
    await approved(db);
    for (const one of [a, b]) await one.inForce.load(db);
    expect([a, b].map(says)).toEqual([expect.arrayContaining(['threshold:hate:block']), expect.arrayContaining(['threshold:hate:block'])]);
    expect(before.policy.ref).toEqual(configured);
    expect(await adoptConfigured(db, { digest: configured.digest, isAlone: false }, journal)).toBeNull();
    expect((await activeOf(db))?.digest).toBe(stricter.digest);
    expect(await adoptConfigured(db, { digest: configured.digest, isAlone: true }, journal)).toBe(stricter.digest);
    await b.inForce.load(db);
    expect(b.inForce.policy.ref).toEqual(configured);
  });

  it('closes a process that cannot apply it, or whose text was changed behind the boards’ backs', async () => {
    const db = await open();
    await keep(db, configured, small());
    await keep(db, stricter, STRICTER);
    await approved(db);
    const lacking = started(CHECKS.filter(({ id }) => id !== 'known-hashes'));
    await lacking.inForce.load(db);
    expect(() => lacking.inForce.now()).toThrow(ImprimaturError);
    expect(lacking.told).toHaveLength(1);
    await db.query({
      text: 'update policy_versions set text = $1 where digest = $2',
      values: [small('thresholds: { hate: { block: 0.9 } }\n'), stricter.digest],
    });
    const deceived = started();
    await deceived.inForce.load(db);
    expect(() => deceived.inForce.now()).toThrow('is another policy');
  });
});
