import { z } from 'zod';
import type { Queryable } from '../storage/database.ts';

/** Registries whose changes other processes must see. */
type Registry = 'people' | 'opt-outs' | 'gates' | 'policy' | 'campaigns' | 'limits';

const row = z.object({ version: z.coerce.number() });

/** Changes with every change of the registry, by whichever process. Some tens of microseconds. */
export async function registryVersion(db: Queryable, name: Registry): Promise<number> {
  const { rows } = await db.query({
    name: 'registry-version',
    text: 'select version from registry_versions where name = $1',
    values: [name],
  });
  return row.parse(rows[0]).version;
}

/** Begins a change: nobody else changes this registry until `tx` ends. Gives the version that it will have. */
export async function nextRegistryVersion(tx: Queryable, name: Registry): Promise<number> {
  const { rows } = await tx.query({
    text: 'update registry_versions set version = version + 1 where name = $1 returning version',
    values: [name],
  });
  return row.parse(rows[0]).version;
}
