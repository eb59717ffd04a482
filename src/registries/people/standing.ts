import { isWithinRegion } from '../../contracts/region.ts';
import type { Operation } from '../../contracts/submission.ts';
import type { ConsentScope, PersonEntry } from './person.ts';

/** What a picture is made for, as far as the gateway knows. What is not known is covered by no limit that somebody set. */
export interface Occasion {
  readonly at: Date;
  /** `training`: the picture is to stand in a training set. */
  readonly operation: Operation | 'training' | undefined;
  readonly surface: string;
  readonly application: string | undefined;
  /** Where the pictures of the surface are seen; undefined: anywhere. */
  readonly regions: readonly string[] | undefined;
}

/**
 * How somebody stands on this occasion. `no-consent` is also whoever gave a consent that does not cover it, ran out or was taken back: such a
 * person is known, and known not to have agreed to this. `none`: nothing that stands on the lists holds any more.
 */
export type Standing = 'protected' | 'no-consent' | 'consented' | 'none';

export function standingOf(entries: readonly PersonEntry[], occasion: Occasion): Standing {
  const holding = entries.filter((entry) => isHolding(entry, occasion.at));
  if (holding.some(({ list }) => list === 'protected')) return 'protected';
  if (holding.some(({ list }) => list === 'no_consent')) return 'no-consent';
  const consents = entries.filter(({ list }) => list === 'consent');
  if (consents.length === 0) return 'none';
  return consents.some((entry) => isHolding(entry, occasion.at) && covers(entry.scope, occasion)) ? 'consented' : 'no-consent';
}

/** Neither taken back nor over. */
export function isHolding({ revokedAt, expiresAt }: PersonEntry, at: Date): boolean {
  return revokedAt === null && (expiresAt === null || at < expiresAt);
}

function covers({ purposes, surfaces, applications, regions }: ConsentScope, occasion: Occasion): boolean {
  const { operation, surface, application, regions: seenIn } = occasion;
  return (
    operation !== undefined &&
    purposes.includes(operation) &&
    (surfaces?.includes(surface) ?? true) &&
    (applications === undefined || (application !== undefined && applications.includes(application))) &&
    (regions === undefined ||
      (seenIn !== undefined && seenIn.length > 0 && seenIn.every((one) => regions.some((whole) => isWithinRegion(one, whole)))))
  );
}
