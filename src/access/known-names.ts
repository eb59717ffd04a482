import { ImprimaturError } from '../contracts/errors.ts';
import { placeNamed } from '../contracts/region.ts';
import type { Queryable } from '../storage/database.ts';

/** A name in a rule, and where in the request or the configuration it stands. */
export interface NameInRule {
  readonly kind: 'surface' | 'application' | 'key' | 'region';
  readonly name: string;
  readonly param: string;
}

/**
 * Refuses names that nothing has: a rule for them would stop, close or limit nothing, and whoever wrote it would believe otherwise.
 * @throws ImprimaturError REQUEST_INVALID; as the database does
 */
export type RequireKnown = (names: readonly NameInRule[]) => Promise<void>;

interface KnownNamesParts {
  readonly db: Queryable;
  /** By the configuration. */
  readonly surfaces: readonly string[];
  readonly applications: readonly string[];
}

/** A key that an earlier version made may belong to a surface or an application that nobody registered. */
const HAVE = {
  surface: `select 1 from surfaces where id = $1 union all (select 1 from api_keys where surface = $1 and role = 'caller' limit 1)`,
  application: `select 1 from applications where id = $1 union all (select 1 from api_keys where application = $1 and role = 'caller' limit 1)`,
  key: 'select 1 from api_keys where lineage = $1 limit 1',
} as const;

export function createRequireKnown({ db, surfaces, applications }: KnownNamesParts): RequireKnown {
  const configured: Readonly<Record<keyof typeof HAVE, readonly string[]>> = { surface: surfaces, application: applications, key: [] };

  async function isKnown(kind: keyof typeof HAVE, name: string): Promise<boolean> {
    if (configured[kind].includes(name)) return true;
    const { rowCount } = await db.query({ name: `known-${kind}`, text: HAVE[kind], values: [name] });
    return rowCount > 0;
  }

  return async (names) => {
    for (const { kind, name, param } of names) {
      if (kind === 'region') requirePlace(name, param);
      else if (!(await isKnown(kind, name))) throw invalid(param, hintOf(kind, name, configured[kind]));
    }
  };
}

function hintOf(kind: keyof typeof HAVE, name: string, configured: readonly string[]): string {
  if (kind === 'key') return `There is no key "${name}". A key that was rotated is named by its first id.`;
  const known = configured.length === 0 ? '' : ` The configuration has ${configured.join(', ')}.`;
  return `There is no ${kind} "${name}".${known}`;
}

function requirePlace(region: string, param: string): void {
  const place = placeNamed(region);
  if (place === region) return;
  throw invalid(param, place === null ? `There is no region "${region}": a country of ISO 3166-1, a part of one, or EU.` : `Say ${place}.`);
}

function invalid(param: string, hint: string): ImprimaturError {
  return new ImprimaturError('REQUEST_INVALID', { hint, param });
}
