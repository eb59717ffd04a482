import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../access/permissions.ts';
import {
  type Disguise,
  disguiseCase,
  disguiseEvents,
  disguiseRendered,
  disguisesOf,
  isMembers,
  shiftId,
} from '../review/quality/disguise.ts';
import type { Queryable } from '../storage/database.ts';

const addressed = z.looseObject({ id: z.string() });
const pictured = z.looseObject({ id: z.string(), media: z.string() });

/**
 * Hooks for every route that shows cases: one that replays another (a gold case, a second look) is dated like any other, down to the milliseconds in
 * ids. What is asked of the database is the same for all cases, so that time tells nothing either.
 */
export function disguiseReplays(db: Queryable) {
  return {
    /** The id of a picture in an address, as it was shown → as it is. */
    async preValidation(request: FastifyRequest): Promise<void> {
      const named = pictured.safeParse(request.params);
      if (!named.success) return;
      const disguise = (await disguisesOf(db, [named.data.id])).get(named.data.id);
      if (disguise !== undefined && isMembers(request.params)) {
        request.params = { ...request.params, media: shiftId(named.data.media, -disguise.shiftMs) };
      }
    },
    async preSerialization(request: FastifyRequest, _reply: unknown, payload: unknown): Promise<unknown> {
      if (!isMembers(payload)) return payload;
      const about = addressed.safeParse(request.params);
      const own = about.success ? [about.data.id] : [];
      const disguises = await disguisesOf(db, [...own, ...caseIdsIn(payload)]);
      return disguised(payload, disguises, { caseId: own[0], mayProve: mayProve(request) });
    },
  };
}

function caseIdsIn(payload: Readonly<Record<string, unknown>>): readonly string[] {
  const list = Array.isArray(payload['data']) ? payload['data'] : [];
  return [payload, payload['case'], ...list].flatMap((one) => (isMembers(one) && typeof one['id'] === 'string' ? [one['id']] : []));
}

interface Occasion {
  readonly caseId: string | undefined;
  readonly mayProve: boolean;
}

function disguised(payload: Readonly<Record<string, unknown>>, disguises: ReadonlyMap<string, Disguise>, occasion: Occasion): unknown {
  const one = (shown: unknown) => {
    const disguise = isMembers(shown) && typeof shown['id'] === 'string' ? disguises.get(shown['id']) : undefined;
    return disguise !== undefined && isMembers(shown) ? disguiseCase(shown, disguise) : shown;
  };
  const { data, receivers } = payload;
  const own = occasion.caseId === undefined ? undefined : disguises.get(occasion.caseId);
  if (receivers !== undefined && own !== undefined) return { ...payload, receivers: disguiseRendered(receivers, own) };
  if (!Array.isArray(data)) return isMembers(payload['case']) ? { ...payload, case: one(payload['case']) } : one(payload);
  const events = own === undefined ? data.map(one) : disguiseEvents(data, own);
  return { ...payload, data: occasion.caseId === undefined || occasion.mayProve ? events : events.map(withoutOldProof) };
}

/** The place in the log tells the age of what was held: who may not audit learns only those of what was decided. */
function withoutOldProof(event: unknown): unknown {
  return isMembers(event) && event['act'] === 'held' && 'entry' in event ? { ...event, entry: null } : event;
}

function mayProve({ principal }: FastifyRequest): boolean {
  return principal?.kind === 'staff' && rolesAllow(principal.roles, 'audit.read');
}
