import type { Queryable } from '../../storage/database.ts';

/** Any number that no other part of the gateway locks: "learning" as eight ASCII bytes. */
const ADVISORY_LOCK = 0x6c_65_61_72_6e_69_6e_67n;

/** One writer at a time, until the transaction ends: what models and terms there are decides what may be added. */
export async function lockLearning(tx: Queryable): Promise<void> {
  await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [ADVISORY_LOCK] });
}
