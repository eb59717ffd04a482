import type { Category } from '../../contracts/category.ts';
import { isWithinRegion } from '../../contracts/region.ts';
import type { CaseKind } from '../queues.ts';

/** What a notice or an order stands on; whoever opens the case says it in `subject.basis`. */
export const BASES = [
  'intimate_image_report',
  'child_abuse_report',
  'terrorist_content_order',
  'government_order',
  'production_order',
  'production_order_emergency',
  'trusted_flagger',
  'copyright',
  'privacy_erasure',
  'grievance',
  'urgent_grievance',
  'notice',
] as const;
export type Basis = (typeof BASES)[number];

/**
 * What becomes of a case that nobody decided in time. `block`: what is held is refused. `reject`: what waits for approval is not approved. `remove`: what
 * was reported is taken down, and the case ends. `hide`: what was reported is shown to nobody until a person has decided. `keep`: nothing is let go and
 * nothing is taken down; people are told.
 */
export const SAFE_OUTCOMES = ['block', 'reject', 'remove', 'hide', 'keep'] as const;
export type SafeOutcome = (typeof SAFE_OUTCOMES)[number];

/** How well the number is known: read in the text itself, in an excerpt of it, in somebody's summary, or from general knowledge. */
export type Grade = 'text' | 'excerpt' | 'summary' | 'knowledge' | 'own';

/** A clock: who asks for what within how long. */
export interface Obligation {
  readonly id: string;
  readonly name: string;
  /** The law and its clause; null for a target of our own. */
  readonly law: string | null;
  /** Where it can be read. */
  readonly source: string | null;
  readonly grade: Grade;
  /** What starts it, in words. */
  readonly trigger: string;
  /** ISO 8601. */
  readonly duration: string;
  /** Whose calendar counts; hours are the same everywhere. */
  readonly zone: string;
  /** Set by a law: nothing pauses it. */
  readonly isStatutory: boolean;
  readonly safeOutcome: SafeOutcome;
  /** First and last day on which it holds, of the case's opening, UTC. */
  readonly from: string | null;
  readonly until: string | null;
  readonly applies: {
    readonly kinds: readonly CaseKind[];
    readonly bases?: readonly Basis[];
    /** One of these is enough. */
    readonly categories?: readonly Category[];
    /** ISO 3166 or EU. A case of unknown region is taken to be of everywhere. */
    readonly regions?: readonly string[];
  };
}

/** Shares of the time at which people are told. */
export const ALARM_PERCENTS = [50, 75, 90] as const;

/** What an obligation is told of a case. */
export interface Occasion {
  readonly kind: CaseKind;
  readonly basis: Basis | null;
  readonly categories: readonly string[];
  readonly region: string | null;
  readonly openedAt: Date;
}

/** `markets`: the regions in which the service is offered; null for everywhere. */
export function doesApply({ applies, from, until }: Obligation, on: Occasion, markets: readonly string[] | null): boolean {
  const { kinds, bases, categories, regions } = applies;
  const day = on.openedAt.toISOString().slice(0, 10);
  return (
    kinds.includes(on.kind) &&
    (bases === undefined || (on.basis !== null && bases.includes(on.basis))) &&
    (categories === undefined || categories.some((category) => on.categories.includes(category))) &&
    (regions === undefined || regions.some((region) => isOf(region, on.region, markets))) &&
    (from === null || from <= day) &&
    (until === null || day <= until)
  );
}

function isOf(region: string, found: string | null, markets: readonly string[] | null): boolean {
  if (found !== null) return overlap(found, region);
  return markets === null || markets.some((market) => overlap(market, region));
}

/** A case of "US" may be one of "US-CA", and one of "US-CA" is one of "US". */
function overlap(one: string, other: string): boolean {
  return isWithinRegion(one, other) || isWithinRegion(other, one);
}
