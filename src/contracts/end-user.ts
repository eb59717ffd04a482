/** What a platform knows of an end user, the least first. Whoever it says nothing of is `anonymous`. */
export const TIERS = ['anonymous', 'free', 'verified', 'paid'] as const;
export type Tier = (typeof TIERS)[number];

/** How an age was assured, the weakest first. ISO/IEC 27566-1:2025 distinguishes declaration, estimation, inference and verification. */
export const AGE_METHODS = ['declared', 'estimated', 'inferred', 'verified'] as const;
export type AgeMethod = (typeof AGE_METHODS)[number];

/** The person for whom a caller asks, as their platform vouches by a signed claim. */
export interface EndUser {
  /** The platform's pseudonym, never a name or an address. Outside the sealed submission it is kept only as a keyed digest. */
  readonly id: string;
  readonly tier: Tier;
  /** The platform knows who this is. */
  readonly verified: boolean;
  readonly age: {
    /** At least this many years old. */
    readonly over: number;
    readonly method: AgeMethod;
    /** The day on which it was assured. */
    readonly on: Date;
  } | null;
  /** ISO 3166-1 or 3166-2, such as DE or US-CA. */
  readonly region: string | null;
  /** BCP 47. */
  readonly locale: string | null;
  /** The platform's pseudonym of the device that they use. Absent: it says nothing of it. */
  readonly device?: string;
}

/** What an end user must have for something, each left out: nothing. */
export interface UserRequirement {
  /** This tier or a higher one. */
  readonly tier?: Tier;
  readonly verified?: true;
  readonly age?: {
    readonly over: number;
    /** This method or a stronger one. */
    readonly method?: AgeMethod;
    /** Assured within so many days. */
    readonly withinDays?: number;
  };
}

/** What meets both. */
export function bothOf(one: UserRequirement, other: UserRequirement): UserRequirement {
  const tier = higher(TIERS, one.tier, other.tier);
  const verified = one.verified ?? other.verified;
  const age = one.age === undefined || other.age === undefined ? (one.age ?? other.age) : olderOf(one.age, other.age);
  return {
    ...(tier === undefined ? {} : { tier }),
    ...(verified === undefined ? {} : { verified }),
    ...(age === undefined ? {} : { age }),
  };
}

type AgeRequirement = NonNullable<UserRequirement['age']>;

function olderOf(one: AgeRequirement, other: AgeRequirement): AgeRequirement {
  const method = higher(AGE_METHODS, one.method, other.method);
  const withinDays = Math.min(one.withinDays ?? Number.POSITIVE_INFINITY, other.withinDays ?? Number.POSITIVE_INFINITY);
  return {
    over: Math.max(one.over, other.over),
    ...(method === undefined ? {} : { method }),
    ...(Number.isFinite(withinDays) ? { withinDays } : {}),
  };
}

function higher<Value extends string>(order: readonly Value[], one: Value | undefined, other: Value | undefined): Value | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

const DAY_MS = 86_400_000;

/** What of a requirement the user lacks; of somebody of whom nothing was said, all of it. Empty: they have everything. */
export function lackingOf({ tier, verified, age }: UserRequirement, user: EndUser | undefined, at: Date): UserRequirement {
  const has = (wanted: Tier) => TIERS.indexOf(user?.tier ?? 'anonymous') >= TIERS.indexOf(wanted);
  return {
    ...(tier === undefined || has(tier) ? {} : { tier }),
    ...(verified === undefined || user?.verified === true ? {} : { verified }),
    ...(age === undefined || isAssured(age, user?.age ?? null, at) ? {} : { age }),
  };
}

function isAssured({ over, method, withinDays }: NonNullable<UserRequirement['age']>, age: EndUser['age'], at: Date): boolean {
  if (age === null || age.over < over) return false;
  if (method !== undefined && AGE_METHODS.indexOf(age.method) < AGE_METHODS.indexOf(method)) return false;
  return withinDays === undefined || at.getTime() - age.on.getTime() <= withinDays * DAY_MS;
}
