import { z } from 'zod';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Queryable } from '../../storage/database.ts';

/** One turn of a conversation, as a reviewer reads it. */
export interface ThreadTurn {
  readonly at: Date;
  readonly text: string;
  readonly action: string;
}

const row = z.object({ id: z.string(), action: z.string(), sealed: z.instanceof(Uint8Array), at: z.date() });
const MOST_TURNS = 50;

/** What was said around a generation, the first turn first. Nothing once its minutes are over. @throws ImprimaturError EVIDENCE_UNREADABLE */
export async function threadOf(
  generation: string,
  { db, evidence }: { readonly db: Queryable; readonly evidence: Pick<EvidenceStore, 'openValue'> },
): Promise<readonly ThreadTurn[]> {
  const { rows } = await db.query({
    name: 'thread-of-generation',
    text: `select t.id, t.action, t.sealed, t.at from conversation_turns own join conversation_turns t using (thread, application)
           where own.id = $1 order by t.at desc, t.id desc limit ${MOST_TURNS}`,
    values: [generation],
  });
  const turns = await Promise.all(
    rows.map(async (found) => {
      const { id, action, sealed, at } = row.parse(found);
      const bytes = await evidence.openValue({ id: `${id}/turn`, kind: 'submission', sealed });
      return { at, action, text: Buffer.from(bytes).toString('utf8') };
    }),
  );
  return turns.reverse();
}
