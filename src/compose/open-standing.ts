import type { Door } from '../access/door/door.ts';
import { createUserStanding, type UserStanding } from '../access/standing/user-standing.ts';
import type { Config } from '../config/load-config.ts';
import { createUserDigest } from '../review/case-digests.ts';
import type { Database } from '../storage/database.ts';

interface StandingGround {
  readonly db: Database;
  readonly door: Door;
  readonly key: Uint8Array;
}

interface OpenedStanding {
  readonly standing: UserStanding;
  readonly userDigest: (application: string, user: string) => string;
}

/** Whether end users may ask at all, and the digests that they are known by. */
export function openStanding({ standing: { limited } }: Config['values'], { db, door, key }: StandingGround): OpenedStanding {
  const userDigest = createUserDigest(key);
  return { userDigest, standing: createUserStanding({ db, door, userDigest, limited }) };
}
