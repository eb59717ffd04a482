import type { Queryable } from '../storage/database.ts';
import { checkEntrySize } from './entry-bundle.ts';

/**
 * Puts entries into the ledger's outbox, in the caller's transaction: they are in the log if and only if it commits. The
 * sequencer gives them their places within milliseconds after that. Entries of one call keep their order. One statement.
 * Throws INTERNAL when an entry has more than 65,535 bytes.
 */
export async function appendEntries(tx: Queryable, entries: readonly Uint8Array[]): Promise<void> {
  if (entries.length === 0) return;
  const starts: number[] = [];
  let start = 1;
  for (const entry of entries) {
    checkEntrySize(entry);
    starts.push(start);
    start += entry.length;
  }
  await tx.query({
    name: 'ledger-append',
    // One parameter with all the bytes: the driver sends a buffer as it is, but spells an array of buffers out in hex.
    text: `insert into ledger_outbox (entry)
           select substring($1::bytea from start for length)
           from unnest($2::int[], $3::int[]) with ordinality as entry(start, length, place)
           order by place`,
    values: [Buffer.concat(entries), starts, entries.map((entry) => entry.length)],
  });
}
