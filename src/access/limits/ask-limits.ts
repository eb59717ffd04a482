import type { Submission } from '../../contracts/submission.ts';
import type { UserStanding } from '../standing/user-standing.ts';
import { type Asking, applies, askingOf, ownerOf, subjectText } from './asking.ts';
import type { Grant } from './count.ts';
import type { Leases } from './leases.ts';
import type { Limit } from './limit-rule.ts';
import type { Pricing } from './pricing.ts';

/** What a submission needs of one limit. */
export interface Wished {
  readonly limit: Limit;
  readonly amount: number;
  readonly perPicture: number;
  readonly text: string;
  readonly tightenedBy: readonly string[];
  readonly application: string | null;
}

/** Wishes, and what became of each. */
export interface Asked {
  readonly wishes: readonly Wished[];
  readonly taken: readonly (Grant | Promise<Grant>)[];
}

export interface AskParts {
  readonly current: () => readonly Limit[];
  readonly leases: Pick<Leases, 'take' | 'putBack'>;
  readonly pricing: Pricing;
  /** Who is limited by a person's decision: limits of one user are then tightened, and some hold only for them. */
  readonly standing: Pick<UserStanding, 'isLimited' | 'digestsOf'>;
}

/** Asks limits for submissions: early, with what else is asked about them, or when they are admitted. */
export interface AskLimits {
  begin(submission: Submission): void;
  forgo(submission: Submission): void;
  /** What was begun, or is begun now, and what holds for limited users alone. @throws ImprimaturError when nobody can say whether they are */
  finish(submission: Submission): Promise<Asked>;
  putBack(grants: readonly Grant[]): void;
}

export const isHere = (grant: Grant | Promise<Grant>): grant is Grant => !(grant instanceof Promise);

export function createAskLimits({ current, leases, pricing, standing }: AskParts): AskLimits {
  const begun = new WeakMap<Submission, Asked>();

  /** Only those that hold for limited users alone, or only the others. */
  function wishesOf(submission: Submission, forLimited: boolean): readonly Wished[] {
    const asking = askingOf(submission, forLimited);
    const applying = current().filter(({ rule }) => (rule.when.tightened === true) === forLimited && applies(rule, asking));
    return applying.map((limit) => wishOf(limit, asking, submission)).filter(({ amount }) => amount > 0);
  }

  function wishOf(limit: Limit, asking: Asking, submission: Submission): Wished {
    const { what, per, when } = limit.rule;
    const perPicture = what === 'cost' ? pricing.perPicture(submission.request) : 1;
    // What is tightened is one user's share; what many share stays as it is.
    const isOwn = asking.user !== null && per.includes('user') && when.tightened !== true;
    return {
      limit,
      amount: what === 'requests' ? 1 : perPicture * submission.request.n,
      perPicture,
      text: subjectText(limit, asking),
      tightenedBy: isOwn ? standing.digestsOf(submission) : [],
      application: ownerOf(limit, asking),
    };
  }

  function ask(submission: Submission, forLimited: boolean): Asked {
    const wishes = wishesOf(submission, forLimited);
    const taken = wishes.map(({ limit, amount, text, tightenedBy, application }) =>
      leases.take({ text, amount, tightenedBy, application, rule: limit.id }),
    );
    // Whoever waits for it hears of a failure.
    for (const grant of taken) if (!isHere(grant)) grant.catch(ignore);
    return { wishes, taken };
  }

  function begin(submission: Submission): Asked {
    const asked = begun.get(submission) ?? ask(submission, false);
    begun.set(submission, asked);
    return asked;
  }

  function putBack(grants: readonly Grant[]): void {
    for (const grant of grants) if (grant.kind === 'given') leases.putBack(grant);
  }

  return {
    begin: (submission) => void begin(submission),
    forgo(submission) {
      const asked = begun.get(submission);
      begun.delete(submission);
      for (const grant of asked?.taken ?? []) void Promise.resolve(grant).then((one) => putBack([one]), ignore);
    },
    async finish(submission) {
      const first = begin(submission);
      const isAnyForLimited = current().some(({ rule }) => rule.when.tightened === true);
      const more = isAnyForLimited && (await standing.isLimited(submission)) ? ask(submission, true) : { wishes: [], taken: [] };
      // From here on they are the caller's to put back.
      begun.delete(submission);
      return { wishes: [...first.wishes, ...more.wishes], taken: [...first.taken, ...more.taken] };
    },
    putBack,
  };
}

const ignore = () => undefined;
