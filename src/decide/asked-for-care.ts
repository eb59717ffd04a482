import { z } from 'zod';
import type { GenerationId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';

const row = z.object({ obligations: z.looseObject({ conservative: z.boolean().optional() }).nullable() });

/** Whether policy asked for the model's strictest settings when it decided on a prompt: a person's release does not take that off. In doubt it did. */
export async function askedForCare(db: Queryable, id: GenerationId): Promise<boolean> {
  const { rows } = await db.query({
    name: 'asked-for-care',
    text: "select body -> 'obligations' as obligations from decisions where generation_id = $1 and stage = 'prompt' order by id limit 1",
    values: [id],
  });
  return rows.every((found) => row.parse(found).obligations?.conservative ?? row.parse(found).obligations === null);
}
