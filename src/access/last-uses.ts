import type { Database } from '../storage/database.ts';

/** When things were last used: noted in memory on the hot path, written in one statement now and then. */
export interface LastUses {
  note(id: string): void;
  /** Writes what was noted. A note that cannot be written is kept for the next time. */
  flush(): Promise<void>;
}

interface LastUsesOptions {
  /** Takes ids and instants, two arrays of the same length. */
  readonly statement: { readonly name: string; readonly text: string };
  readonly now?: () => number;
}

/** More is not remembered at a time: a store that is gone for hours must not fill the memory. */
const MOST = 50_000;

export function createLastUses(db: Database, { statement, now = Date.now }: LastUsesOptions): LastUses {
  const noted = new Map<string, number>();
  return {
    note(id) {
      if (noted.size < MOST || noted.has(id)) noted.set(id, now());
    },
    async flush() {
      if (noted.size === 0) return;
      const batch = [...noted];
      noted.clear();
      try {
        await db.query({ ...statement, values: [batch.map(([id]) => id), batch.map(([, at]) => new Date(at))] });
      } catch (error) {
        for (const [id, at] of batch) if (!noted.has(id)) noted.set(id, at);
        throw error;
      }
    },
  };
}

/** Two processes may write in either order: the later use counts. */
export const KEY_USES = {
  name: 'key-uses',
  text: `update api_keys k set last_used_at = u.at from unnest($1::text[], $2::timestamptz[]) u (id, at)
         where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`,
} as const;

export const SESSION_USES = {
  name: 'session-uses',
  text: `update sessions s set last_seen_at = u.at from unnest($1::text[], $2::timestamptz[]) u (id, at)
         where s.id = u.id and s.last_seen_at < u.at`,
} as const;
