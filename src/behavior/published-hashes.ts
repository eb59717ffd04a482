import { z } from 'zod';
import type { ArtifactId } from '../contracts/ids.ts';
import { parsePdq } from '../registries/pdq/pdq-bits.ts';
import type { Queryable } from '../storage/database.ts';

const row = z.object({ artifact_id: z.templateLiteral(['art_', z.string()]), value: z.string() });

/** PDQ hashes of published pictures; one that has too little to go by has none. */
export async function publishedHashes(db: Queryable, artifacts: readonly ArtifactId[]): Promise<ReadonlyMap<ArtifactId, Uint32Array>> {
  const { rows } = await db.query({
    name: 'published-hashes',
    text: `select c.artifact_id, encode(b.value, 'hex') as value from credentials c join credential_bindings b on b.manifest_id = c.manifest_id
           where c.artifact_id = any ($1::text[]) and b.pdq is not null`,
    values: [artifacts],
  });
  return new Map(
    rows.flatMap((one) => {
      const { artifact_id: id, value } = row.parse(one);
      const hash = parsePdq(value);
      return hash === undefined ? [] : [[id, hash] as const];
    }),
  );
}
