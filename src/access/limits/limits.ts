import { TIERS, type Tier } from '../../contracts/end-user.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Outcome } from '../../contracts/stages.ts';
import type { Submission } from '../../contracts/submission.ts';
import { type AskParts, createAskLimits, isHere, type Wished } from './ask-limits.ts';
import { applies, askingOf, subjectText } from './asking.ts';
import type { Charge, Charges } from './charges.ts';
import type { Given, Grant } from './count.ts';
import type { Leases } from './leases.ts';
import { isBudget, type Limit, type LimitRule } from './limit-rule.ts';

/** How much anybody may ask for, in all processes together. */
export interface Limits {
  /** Asks early what `admit` will want, with what else is asked of the database about this submission. */
  begin(submission: Submission): void;
  /** What was asked early is not wanted. */
  forgo(submission: Submission): void;
  /**
   * Counts what this submission asks for under every limit that applies, or under none. Cost and pictures are set aside until `settle`.
   * @throws ImprimaturError RATE_LIMITED, BUDGET_SPENT; LIMITS_UNREADABLE when nobody can say
   */
  admit(submission: Submission): Promise<void>;
  /** How it ended; null: nothing came of it, and nothing was written down. */
  settle(submission: Submission, outcome: Outcome | null): void;
  /** What this process knows of the counts that this submission falls under. */
  usesOf(submission: Submission): readonly Use[];
}

/** One limit, and how much of it is used. */
export interface Use {
  readonly limit: Limit;
  readonly most: number;
  readonly used: number;
  /** Until all is unused again. */
  readonly resetMs: number;
}

interface LimitsParts extends AskParts {
  readonly leases: Leases;
  readonly charges: Charges;
  readonly onRefused: (limit: Limit) => void;
  readonly now?: () => number;
}

export function createLimits(parts: LimitsParts): Limits {
  const { current, leases, charges, onRefused, now = () => performance.now() } = parts;
  const { begin, forgo, finish, putBack } = createAskLimits(parts);

  function setAside(submission: Submission, wishes: readonly Wished[], grants: readonly Grant[]): void {
    const { id: generation, request } = submission;
    const made = wishes.flatMap(({ limit, amount, perPicture }, i): readonly Charge[] => {
      const [grant, { what }] = [grants[i], limit.rule];
      if (grant?.kind !== 'given' || what === 'requests') return [];
      const { count, end } = grant;
      const charged = { what, model: request.model, pictures: request.n, perPicture };
      return [{ ...charged, generation, subject: count.subject, rule: limit.id, amount, end }];
    });
    charges.setAside(made);
  }

  return {
    begin,
    forgo,
    async admit(submission) {
      const { wishes, taken } = await finish(submission).catch((error: unknown) => {
        forgo(submission);
        throw error;
      });
      const grants = taken.every(isHere) ? taken : await allOrNone(taken, putBack);
      const refusals = wishes.flatMap(({ limit }, i) => {
        const grant = grants[i];
        return grant?.kind === 'refused' ? [{ limit, grant }] : [];
      });
      const [first, ...others] = refusals;
      if (first === undefined) {
        setAside(submission, wishes, grants);
        return;
      }
      putBack(grants);
      for (const { limit } of refusals) onRefused(limit);
      throw refusal(
        others.reduce((longest, one) => (waitOf(one) > waitOf(longest) ? one : longest), first),
        submission,
      );
    },
    settle: (submission, outcome) => charges.settle(submission.id, outcome),
    usesOf(submission) {
      const asking = askingOf(submission, false);
      return current().flatMap((limit) => {
        const count = applies(limit.rule, asking) ? leases.find(subjectText(limit, asking)) : undefined;
        if (count === undefined || count.known === null) return [];
        const { limit: most, used, resetAt } = count.known;
        return [{ limit, most, used: Math.max(0, used - count.left), resetMs: Math.max(0, resetAt - now()) }];
      });
    },
  };
}

/** When one cannot be asked, nothing of the others stays counted. */
async function allOrNone(
  taken: readonly (Grant | Promise<Grant>)[],
  putBack: (grants: readonly Given[]) => void,
): Promise<readonly Grant[]> {
  const settled = await Promise.allSettled(taken);
  const failed = settled.find((one) => one.status === 'rejected');
  const grants = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed === undefined) return grants;
  putBack(grants.filter((grant) => grant.kind === 'given'));
  throw failed.reason;
}

interface Refused {
  readonly limit: Limit;
  readonly grant: Extract<Grant, { kind: 'refused' }>;
}

const waitOf = ({ grant }: Refused) => grant.retryMs ?? Number.POSITIVE_INFINITY;

/** Says which limit, because whoever is told can only then do something about it. */
function refusal({ limit, grant }: Refused, submission: Submission): ImprimaturError {
  const { id, rule } = limit;
  const what = { requests: 'requests', images: 'pictures', cost: 'units of cost' }[rule.what];
  const over = typeof rule.window === 'number' ? `in ${rule.window} seconds` : `in a calendar ${rule.window} (UTC)`;
  const hint = `Limit "${id}": ${grant.limit} ${what} ${over}.`;
  if (grant.retryMs === null) return new ImprimaturError('BUDGET_SPENT', { hint: `${hint} One request may not ask for more than that.` });
  const tier = helpfulTier(rule, submission);
  const about = { hint, retryAfterMs: Math.ceil(grant.retryMs), ...(tier === undefined ? {} : { wouldHelp: { tier } }) };
  return new ImprimaturError(isBudget(rule) ? 'BUDGET_SPENT' : 'RATE_LIMITED', about);
}

/** The next tier where the limit is one of a tier; where users are counted and nobody vouches for this one, any account. */
function helpfulTier({ when, per }: LimitRule, { caller }: Submission): Tier | undefined {
  if (when.tier !== undefined) return TIERS[TIERS.indexOf(when.tier) + 1];
  return per.includes('user') && caller.user === undefined ? 'free' : undefined;
}
