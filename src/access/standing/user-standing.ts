import { ImprimaturError } from '../../contracts/errors.ts';
import type { Submission } from '../../contracts/submission.ts';
import type { Queryable } from '../../storage/database.ts';
import { createDoor, type Door } from '../door/door.ts';
import type { Obstacle } from '../door/door-statement.ts';
import { heardOf } from '../door/late-answer.ts';
import { countLimited } from './measure.ts';

/** Whether an end user may ask at all. */
export interface UserStanding {
  /** Asks early what `requireGood` will want to know. */
  begin(submission: Submission): void;
  /**
   * Nothing where nothing stands in the way. @param isRepeat an answer that was given before is asked for again, so it uses up nothing
   * @throws ImprimaturError USER_SUSPENDED, USER_STEP_UP, USER_LIMITED; STORAGE_UNAVAILABLE when nobody can say
   */
  requireGood(submission: Submission, isRepeat: boolean): Promise<void>;
  /** Whether whoever asks is limited by a person's decision. */
  isLimited(submission: Submission): Promise<boolean>;
  /** Whoever is named, as standing knows them. */
  digestsOf(submission: Submission): readonly string[];
}

interface StandingParts {
  readonly db: Queryable;
  /** Absent: one of its own. */
  readonly door?: Pick<Door, 'look'>;
  readonly userDigest: (application: string, user: string) => string;
  readonly limited: { readonly requests: number; readonly perMinutes: number };
}

/**
 * Reads what is in force with each request that names somebody: by a claim, or unsigned as `safety_identifier` or `user`, for who leaves the claim out does not
 * become another person. What a person decided counts in every process with the next request.
 */
export function createUserStanding({ db, door = createDoor({ db }), userDigest, limited }: StandingParts): UserStanding {
  const asked = new WeakMap<Submission, Promise<readonly Obstacle[]>>();
  const named = new WeakMap<Submission, readonly string[]>();

  function digestsOf(submission: Submission): readonly string[] {
    const known = named.get(submission);
    if (known !== undefined) return known;
    const { caller, conversation } = submission;
    const names = new Set([...(caller.user === undefined ? [] : [caller.user.id]), ...(conversation?.endUsers ?? [])]);
    const digests = [...names].map((name) => userDigest(caller.application, name));
    named.set(submission, digests);
    return digests;
  }

  /** Asked twice about one submission, it looks once. */
  function inForce(submission: Submission): Promise<readonly Obstacle[]> {
    const known = asked.get(submission);
    if (known !== undefined) return known;
    const digests = digestsOf(submission);
    const looked = digests.length === 0 ? NOTHING : door.look(digests);
    asked.set(submission, looked);
    return looked;
  }

  return {
    begin(submission) {
      // Whoever waits for it hears of a failure.
      inForce(submission).catch(() => undefined);
    },
    digestsOf,
    async requireGood(submission, isRepeat) {
      const measures = await inForce(submission);
      const [gravest] = measures.filter(({ action }) => action !== 'step_up' || submission.caller.user?.verified !== true);
      if (gravest === undefined) return;
      if (gravest.action !== 'limit') throw refusalOf(gravest);
      if (isRepeat) return;
      const counted = await countLimited(db, { id: gravest.id, windowSeconds: limited.perMinutes * 60 }).catch((error: unknown) => {
        throw heardOf(error);
      });
      if (counted !== null && counted.used > limited.requests) throw refusalOf(gravest, counted.resetsAt);
    },
    isLimited: async (submission) => (await inForce(submission)).some(({ action }) => action === 'limit'),
  };
}

const NOTHING: Promise<readonly Obstacle[]> = Promise.resolve([]);

const CODES = { step_up: 'USER_STEP_UP', limit: 'USER_LIMITED', suspend: 'USER_SUSPENDED', ban: 'USER_SUSPENDED' } as const;

function refusalOf({ action, until, decisionId, generationId }: Obstacle, resetsAt?: Date): ImprimaturError {
  return new ImprimaturError(CODES[action], {
    ...(resetsAt === undefined ? {} : { retryAfterMs: Math.max(0, resetsAt.getTime() - Date.now()) }),
    standing: { action, until, decisionId, generationId },
    ...(action === 'step_up' ? { wouldHelp: { verified: true } } : {}),
  });
}
