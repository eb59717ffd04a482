import type { Capabilities, Shut } from '../access/capabilities.ts';
import type { Limits } from '../access/limits/limits.ts';
import type { UserStanding } from '../access/standing/user-standing.ts';
import type { Admitted } from '../contracts/admitted.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Submission } from '../contracts/submission.ts';

export interface AdmitParts {
  readonly capabilities: Capabilities;
  readonly standing: Pick<UserStanding, 'begin' | 'requireGood'>;
  readonly limits: Pick<Limits, 'begin' | 'forgo' | 'admit'>;
}

interface Asking {
  /** An answer that was given before is asked for again. */
  readonly isRepeat: boolean;
}

/**
 * Whether what is asked for is open to whoever asks, and whoever asks may ask, before anything is read, paid for or written down.
 * @throws ImprimaturError CAPABILITY_STOPPED, CAPABILITY_CLOSED, USER_SUSPENDED, USER_STEP_UP, USER_LIMITED, RATE_LIMITED, BUDGET_SPENT; STORAGE_UNAVAILABLE,
 *   LIMITS_UNREADABLE when nobody can say
 */
export async function admit(
  submission: Submission,
  { capabilities, standing, limits }: AdmitParts,
  { isRepeat }: Asking = { isRepeat: false },
): Promise<Admitted<Submission>> {
  try {
    const shut = await capabilities.shutFor(submission);
    if (!isAdmitted(submission, shut)) throw new ImprimaturError(shut ?? 'CAPABILITY_STOPPED');
    // It was counted when it was made.
    if (!isRepeat) askEarly(submission, { standing, limits });
    await standing.requireGood(submission, isRepeat);
  } catch (error) {
    limits.forgo(submission);
    throw error;
  }
  if (!isRepeat) await limits.admit(submission);
  return submission;
}

/** What the database has to be asked, in one go: the answers are waited for by `admit`. Whoever asks and then admits nobody calls `limits.forgo`. */
export function askEarly(submission: Submission, { standing, limits }: Pick<AdmitParts, 'standing' | 'limits'>): void {
  standing.begin(submission);
  limits.begin(submission);
}

/** The one door to `precheck`. */
function isAdmitted(submission: Submission, shut: Shut | null): submission is Admitted<Submission> {
  return shut === null;
}
