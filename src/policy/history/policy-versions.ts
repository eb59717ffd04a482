import { z } from 'zod';
import type { PolicyRef } from '../../contracts/decision.ts';
import type { Queryable } from '../../storage/database.ts';
import type { TestReport } from './test-report.ts';

interface NewVersion {
  readonly ref: PolicyRef;
  /** As it was written. */
  readonly text: string;
  readonly origin: 'configuration' | 'proposal';
  readonly by: string;
  readonly note: string | null;
  readonly tests: TestReport | null;
}

/**
 * Keeps a policy. Proposed again, the words around the same policy (comments, cases, note) are those of the last proposal, but never once boards were
 * asked: they approve what they read.
 * @returns whether anything was written
 */
export async function keepVersion(tx: Queryable, { ref, text, origin, by, note, tests }: NewVersion): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into policy_versions (digest, name, version, text, origin, proposed_by, note, tests) values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
           on conflict (digest) do update set text = excluded.text, note = excluded.note, tests = excluded.tests, proposed_by = excluded.proposed_by,
             proposed_at = clock_timestamp(), origin = excluded.origin
           where excluded.origin = 'proposal' and not exists (select 1 from policy_activations a where a.digest = policy_versions.digest)`,
    values: [ref.digest, ref.name, ref.version, text, origin, by, note, tests === null ? null : JSON.stringify(tests)],
  });
  return rowCount > 0;
}

const testReport = z.object({
  total: z.number(),
  failed: z.array(z.object({ file: z.string(), line: z.number(), name: z.string(), differences: z.array(z.string()) })),
});

const row = z.object({
  digest: z.templateLiteral(['sha256:', z.string()]),
  name: z.string(),
  version: z.string(),
  origin: z.enum(['configuration', 'proposal']),
  proposed_by: z.string(),
  proposed_at: z.date(),
  note: z.string().nullable(),
  tests: testReport.nullable(),
});

/** A policy that somebody proposed, or that the configuration named. */
export type PolicyVersion = z.output<typeof row>;

const COLUMNS = 'digest, name, version, origin, proposed_by, proposed_at, note, tests';
const MOST = 200;

/** The newest first. */
export async function listVersions(db: Queryable): Promise<readonly PolicyVersion[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from policy_versions order by proposed_at desc, digest limit ${MOST}` });
  return rows.map((one) => row.parse(one));
}

export async function findVersion(db: Queryable, digest: string): Promise<PolicyVersion | null> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from policy_versions where digest = $1`, values: [digest] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

const textRow = z.object({ text: z.string() });

/** What stands in it, as it was written; null when nobody keeps it. */
export async function textOf(db: Queryable, digest: string): Promise<string | null> {
  const { rows } = await db.query({ text: 'select text from policy_versions where digest = $1', values: [digest] });
  return rows[0] === undefined ? null : textRow.parse(rows[0]).text;
}
