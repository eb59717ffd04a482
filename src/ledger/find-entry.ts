import { z } from 'zod';
import type { Queryable } from '../storage/database.ts';

const row = z.object({ idx: z.coerce.number(), entry: z.instanceof(Uint8Array) });

/** The entry with this leaf hash (hex) and its index; null while the sequencer has not integrated it. */
export async function findEntry(db: Queryable, leafHash: string): Promise<{ index: number; bytes: Uint8Array } | null> {
  const { rows } = await db.query({
    name: 'ledger-entry-by-hash',
    text: 'select idx, entry from ledger_leaves where leaf_hash = $1 order by idx limit 1',
    values: [Buffer.from(leafHash, 'hex')],
  });
  if (rows[0] === undefined) return null;
  const { idx, entry } = row.parse(rows[0]);
  return { index: idx, bytes: entry };
}
