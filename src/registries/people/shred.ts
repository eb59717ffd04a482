import { z } from 'zod';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Queryable } from '../../storage/database.ts';

interface ShredParts {
  readonly db: Queryable;
  readonly evidence: Pick<EvidenceStore, 'shred'>;
}

/** Destroys what removals left to destroy. False when something could not be: it stays noted, for the next time. */
export async function shredWhatMustGo({ db, evidence }: ShredParts): Promise<boolean> {
  const { rows } = await db.query({ text: 'select blob from people_shreds order by asked_at' });
  let isDone = true;
  for (const row of rows) {
    const { blob } = z.object({ blob: z.string() }).parse(row);
    try {
      await evidence.shred(blob);
      await db.query({ text: 'delete from people_shreds where blob = $1', values: [blob] });
    } catch {
      isDone = false;
    }
  }
  return isDone;
}
