import type { FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import { flaggerOf } from '../review/notices/trusted-flaggers.ts';
import type { Queryable } from '../storage/database.ts';
import type { Authenticate } from './authenticate.ts';
import { isStranger } from './is-stranger.ts';
import { createRateBound } from './rate-bound.ts';

/** One address: a person who reports has a handful of pictures. All strangers together: what people can read in a day. */
const OF_ONE = { perSecond: 0.05, burst: 20 } as const;
const OF_ALL = { perSecond: 2, burst: 500 } as const;

/** Who comes with a report, before any of it is read. */
export interface NoticeDoor {
  /** @throws ImprimaturError RATE_LIMITED, AUTH_INVALID for a key that is not in force */
  bound(request: FastifyRequest): Promise<void>;
  /** The id of the trusted flagger whose key was sent. */
  flaggerOf(request: FastifyRequest): string | null;
}

/** Who has a key of ours is known and has none of the bounds for strangers; who says a wrong one is bounded like them. */
export function createNoticeDoor(db: Queryable, authenticate: Authenticate): NoticeDoor {
  const [ofOne, ofAll] = [createRateBound(OF_ONE), createRateBound(OF_ALL)];
  const flaggers = new WeakMap<FastifyRequest, string>();
  return {
    async bound(request) {
      const token = flaggerToken(request);
      const flagger = token === null ? null : await flaggerOf(db, token);
      if (flagger !== null) {
        flaggers.set(request, flagger.id);
        return;
      }
      if (token === null && !(await isStranger(request, authenticate))) return;
      await ofOne(request);
      await ofAll({ ip: request.ip === undefined ? undefined : 'everybody' });
      if (token !== null) throw new ImprimaturError('AUTH_INVALID');
    },
    flaggerOf: (request) => flaggers.get(request) ?? null,
  };
}

/** Whatever has the form of a trusted flagger's key. */
function flaggerToken({ headers }: FastifyRequest): string | null {
  return /^Bearer (imp_tf_\S{1,128})$/.exec(headers.authorization ?? '')?.[1] ?? null;
}
