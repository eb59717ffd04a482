import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';

/** A product channel. What the configuration declares cannot be changed elsewhere. */
export interface Surface {
  readonly id: string;
  readonly name: string;
  readonly source: 'config' | 'operator';
  readonly madeBy: string;
  /** Null for one of the configuration. */
  readonly madeAt: Date | null;
}

export const surfaceId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'use a–z, 0–9, ".", "_" and "-", starting with a letter or digit');

const row = z
  .object({ id: z.string(), name: z.string(), made_by: z.string(), made_at: z.date() })
  .transform(({ made_by: madeBy, made_at: madeAt, ...rest }): Surface => ({ ...rest, madeBy, madeAt, source: 'operator' }));

/** All surfaces: those of the configuration first, in its order. */
export async function listSurfaces(db: Queryable, configured: readonly string[]): Promise<readonly Surface[]> {
  const { rows } = await db.query({ name: 'surfaces', text: 'select id, name, made_by, made_at from surfaces order by id' });
  const made = rows.map((one) => row.parse(one)).filter(({ id }) => !configured.includes(id));
  return [...configured.map((id): Surface => ({ id, name: id, source: 'config', madeBy: 'config', madeAt: null })), ...made];
}

/** Those of these names that no surface has, asked where something is about to name them. */
export async function unknownSurfaces(db: Queryable, configured: readonly string[], names: readonly string[]): Promise<readonly string[]> {
  const asked = names.filter((name) => !configured.includes(name));
  if (asked.length === 0) return [];
  const { rows } = await db.query<{ id: string }>({ text: 'select id from surfaces where id = any ($1::text[])', values: [asked] });
  return asked.filter((name) => !rows.some(({ id }) => id === name));
}

/** Registers a surface, or names it anew. */
export async function putSurface(
  tx: Queryable,
  { id, name, by }: { readonly id: string; readonly name: string; readonly by: string },
): Promise<Surface> {
  const { rows } = await tx.query({
    text: `insert into surfaces (id, name, made_by) values ($1, $2, $3) on conflict (id) do update set name = excluded.name
           returning id, name, made_by, made_at`,
    values: [id, name, by],
  });
  return row.parse(rows[0]);
}
