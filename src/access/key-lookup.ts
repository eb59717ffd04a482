import type { KeyId } from '../contracts/ids.ts';
import type { Database } from '../storage/database.ts';
import { type ApiKey, hashToken } from './api-key.ts';
import { KEY_COLUMNS, toApiKey } from './key-row.ts';

interface LookupOptions {
  readonly cacheMs?: number;
  readonly now?: () => number;
  /** Told of each use, on the hot path: it must not wait. */
  readonly used?: (id: KeyId) => void;
}

/**
 * Token → key, remembered for `cacheMs` (default 1 s) so that a busy key costs one look-up a second. A revocation is
 * therefore effective everywhere within that time. Unknown tokens are not remembered. Null: unknown, expired or revoked.
 */
export function createKeyLookup(db: Database, { cacheMs = 1000, now = Date.now, used = () => undefined }: LookupOptions = {}) {
  const cache = new Map<string, { key: ApiKey; until: number }>();

  function usable(key: ApiKey): ApiKey | null {
    const expired = key.expiresAt !== null && key.expiresAt.getTime() <= now();
    if (key.revokedAt !== null || expired) return null;
    used(key.id);
    return key;
  }

  return async (token: string): Promise<ApiKey | null> => {
    const hash = hashToken(token);
    const name = hash.toString('base64');
    const cached = cache.get(name);
    if (cached !== undefined && cached.until > now()) return usable(cached.key);
    const { rows } = await db.query({
      name: 'key-by-hash',
      text: `select ${KEY_COLUMNS} from api_keys where token_hash = $1`,
      values: [hash],
    });
    if (rows[0] === undefined) {
      cache.delete(name);
      return null;
    }
    const key = toApiKey(rows[0]);
    if (cache.size > 10_000) cache.clear();
    cache.set(name, { key, until: now() + cacheMs });
    return usable(key);
  };
}
