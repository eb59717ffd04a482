import type { UserRequirement } from '../contracts/end-user.ts';

const TIER_WORDS = { anonymous: 'any account', free: 'an account', verified: 'a verified account', paid: 'a paid account' } as const;
const METHOD_WORDS = { declared: 'said', estimated: 'estimated', inferred: 'inferred', verified: 'verified' } as const;

/** What the end user could bring to be allowed, for the developer who reads the error. Nothing when nothing would help. */
export function helpSentences(help: UserRequirement | undefined): readonly string[] {
  if (help === undefined) return [];
  const { tier, verified, age } = help;
  const parts = [
    ...(tier === undefined ? [] : [TIER_WORDS[tier]]),
    ...(verified === undefined ? [] : ['an identity that the platform verified']),
    ...(age === undefined ? [] : [ageWords(age)]),
  ];
  return parts.length === 0 ? [] : [`It is open to end users with ${parts.join(' and ')}; say so in the Imprimatur-User header.`];
}

function ageWords({ over, method, withinDays }: NonNullable<UserRequirement['age']>): string {
  const how = method === undefined ? 'assured' : METHOD_WORDS[method];
  return `an age of ${over} or more, ${how}${withinDays === undefined ? '' : ` within ${withinDays} days`}`;
}

/** The same for programs. */
export function helpObject({ tier, verified, age }: UserRequirement): Readonly<Record<string, unknown>> {
  return {
    ...(tier === undefined ? {} : { tier }),
    ...(verified === undefined ? {} : { verified }),
    ...(age === undefined
      ? {}
      : {
          age: {
            over: age.over,
            ...(age.method === undefined ? {} : { method: age.method }),
            ...(age.withinDays === undefined ? {} : { within_days: age.withinDays }),
          },
        }),
  };
}
