import { createHmac } from 'node:crypto';
import { isWithinRegion, mayBeIn } from '../../contracts/region.ts';
import type { Admission, Gate, Override } from './gate.ts';

/** Who stands before a gate. */
export interface Visitor {
  readonly surface: string;
  readonly region: string | null;
  readonly application: string;
  readonly keyId: string;
  /** Keyed digest of the end user's id; null when nobody said who it is. */
  readonly user: string | null;
}

/** Places a user on a scale of 0 to 100; the same user always at the same place of the same capability. */
export type BucketOf = (capability: string, visitor: Visitor) => number;

/**
 * Buckets of different capabilities do not go together: who is first to get one is not first to get all. HMAC-SHA-256, so nobody can choose an id that
 * comes first.
 */
export function createBuckets(key: Uint8Array): BucketOf {
  return (capability, { application, user }) => {
    const digest = createHmac('sha256', key)
      .update(JSON.stringify(['gate', capability, application, user]))
      .digest();
    return (digest.readUIntBE(0, 6) / 2 ** 48) * 100;
  };
}

/**
 * Whether this gate lets this visitor through. Of the overrides that fit, the one that names most decides; of two that name as much, the stricter. Of
 * whom only something larger is known than the region of an override (the country of a part, the EU of a member, nothing at all), they may be there or
 * not: that override may keep them out, and never lets them in. Closed in doubt.
 */
export function letsThrough({ capability, rule }: Gate, visitor: Visitor, bucketOf: BucketOf): boolean {
  const passes = (admission: Admission) => admits(admission, visitor, () => bucketOf(capability.name, visitor));
  const fitting = (rule.overrides ?? []).filter((one) => fits(one, visitor));
  const certain = fitting.filter(
    ({ region }) => region === undefined || (visitor.region !== null && isWithinRegion(visitor.region, region)),
  );
  const most = Math.max(0, ...certain.map(weight));
  const deciding: readonly Admission[] = most === 0 ? [rule] : certain.filter((one) => weight(one) === most);
  return [...deciding, ...fitting.filter((one) => !certain.includes(one))].every(passes);
}

function fits({ surface, region }: Override, visitor: Visitor): boolean {
  return (surface === undefined || surface === visitor.surface) && (region === undefined || mayBeIn(visitor.region, region));
}

const weight = ({ surface, region }: Override) => Number(surface !== undefined) + Number(region !== undefined);

function admits({ state, percent = 0, allow = [] }: Admission, visitor: Visitor, bucket: () => number): boolean {
  if (state === 'off' || state === 'on') return state === 'on';
  const { application, keyId, user } = visitor;
  const names = [`application:${application}`, `key:${keyId}`, ...(user === null ? [] : [`user-digest:${user}`])];
  if (allow.some((guest) => names.includes(guest))) return true;
  if (state === 'allowlist') return false;
  return percent === 100 || (user !== null && bucket() < percent);
}
