import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { PatientStatement } from './client-lease.ts';
import type { Database, Queryable } from './database.ts';
import { MIGRATIONS, type Migration } from './migrations/list.ts';

/** Any number that no other part of the gateway locks: "imprimat" as eight ASCII bytes. */
const ADVISORY_LOCK = 0x69_6d_70_72_69_6d_61_74n;

const CREATE_TABLE = `create table if not exists schema_migrations (
  id text primary key,
  sha256 text not null,
  applied_at timestamptz not null default clock_timestamp()
)`;

const APPLIED = z.array(z.object({ id: z.string(), sha256: z.string() }));

type Applied = z.infer<typeof APPLIED>;

/**
 * Brings the schema up to this build: each missing migration in its own transaction, one process at a time. Safe to run
 * from any number of processes at once. Resolves to the ids that this call applied, in order.
 * @throws ImprimaturError CONFIG_INVALID when the database was migrated by a newer build, or when an applied migration's
 *   text changed; nothing is applied then.
 */
export async function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<readonly string[]> {
  refuseDisorder(migrations);
  const applied: string[] = [];
  for (;;) {
    const id = await db.transaction((tx) => applyNext(tx, migrations));
    if (id === undefined) return applied;
    applied.push(id);
  }
}

/** The lock is held until the commit, so what was read here still holds when the migration is recorded. */
async function applyNext(tx: Queryable, migrations: readonly Migration[]): Promise<string | undefined> {
  // A big table may take minutes, and the wait for another process's migration as long.
  await tx.query({ text: 'set local statement_timeout = 0' });
  await tx.query(unhurried('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]));
  await tx.query({ text: CREATE_TABLE });
  const { rows } = await tx.query({ text: 'select id, sha256 from schema_migrations order by id' });
  const applied = APPLIED.parse(rows);
  refuseStrangers(applied, migrations);
  const next = migrations.find(({ id }) => !applied.some((row) => row.id === id));
  if (next === undefined) return undefined;
  await tx.query(unhurried(next.sql));
  await tx.query({ text: 'insert into schema_migrations (id, sha256) values ($1, $2)', values: [next.id, digest(next)] });
  return next.id;
}

function unhurried(text: string, values?: readonly unknown[]): PatientStatement {
  return { text, driverTimeoutMs: 0, ...(values && { values }) };
}

function digest({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

function refuseStrangers(applied: Applied, migrations: readonly Migration[]): void {
  for (const row of applied) {
    const known = migrations.find(({ id }) => id === row.id);
    if (known === undefined) {
      throw invalid(`The database has migration ${row.id}, which this build does not know: a newer build has used it. Run that build.`);
    }
    if (digest(known) !== row.sha256) {
      throw invalid(`Migration ${row.id} was applied with another text than this build has. Applied migrations must never change.`);
    }
  }
  const last = applied.at(-1);
  const late = migrations.find(({ id }) => last !== undefined && id < last.id && !applied.some((row) => row.id === id));
  if (late !== undefined) throw invalid(`Migration ${late.id} comes before ${last?.id}, which is applied already. Give it a later number.`);
}

function refuseDisorder(migrations: readonly Migration[]): void {
  for (const [index, { id }] of migrations.entries()) {
    const before = migrations[index - 1];
    if (!/^\d{4}-[a-z0-9-]+$/.test(id) || (before !== undefined && before.id.slice(0, 4) >= id.slice(0, 4))) {
      throw invalid(`Migration ids must be four rising digits and a name; ${id} is not.`);
    }
  }
}

function invalid(detail: string): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail });
}
