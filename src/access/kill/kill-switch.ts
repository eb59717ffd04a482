import { z } from 'zod';
import type { CapabilityUse } from '../../contracts/capability.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { mayBeIn } from '../../contracts/region.ts';

/** ISO 3166-1 or 3166-2, or EU. */
export const regionName = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a region such as DE, US-CA or EU');

/** What a switch stops: whatever matches every member that is there. Empty: everything. */
export const killScope = z
  .strictObject({
    surface: z.exactOptional(z.string().min(1).max(63)),
    model: z.exactOptional(z.string().min(1).max(200)),
    operation: z.exactOptional(z.enum(['generate', 'edit', 'variation'])),
    region: z.exactOptional(regionName),
  })
  .meta({ id: 'KillScope' });
export type KillScope = z.output<typeof killScope>;

const killId = z.string().transform((text) => {
  if (!isId('kill', text)) throw new ImprimaturError('INTERNAL', { detail: 'a kill switch in the database has another kind of id' });
  return text;
});

/** What has to be known about a switch to obey it. */
export const standingSwitch = z.object({
  id: killId,
  surface: z.string().nullable(),
  model: z.string().nullable(),
  operation: z.string().nullable(),
  region: z.string().nullable(),
});
export type StandingSwitch = z.output<typeof standingSwitch>;

/**
 * Whether the switch stops this use. Closed in doubt: a request of which nobody said where its user is may come from any region. The same question
 * in SQL is `imprimatur_is_stopped`.
 */
export function stops(one: StandingSwitch, use: CapabilityUse): boolean {
  return (
    (one.surface === null || one.surface === use.surface) &&
    (one.model === null || one.model === use.model) &&
    (one.operation === null || one.operation === use.operation) &&
    (one.region === null || mayBeIn(use.region, one.region))
  );
}
