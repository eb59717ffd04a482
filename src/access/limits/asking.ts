import { createHmac } from 'node:crypto';
import type { Tier } from '../../contracts/end-user.ts';
import type { Operation, Submission } from '../../contracts/submission.ts';
import type { Dimension, Limit, LimitRule } from './limit-rule.ts';

/** Who asks for what, as far as limits care. */
export interface Asking {
  readonly application: string;
  readonly key: string;
  readonly surface: string;
  readonly model: string;
  readonly operation: Operation;
  readonly tier: Tier;
  /** Null: nobody vouches for one. All such users of one key share one count: a name that nobody signed could change with every request. */
  readonly user: string | null;
  readonly isTightened: boolean;
}

export function askingOf({ caller, request }: Submission, isTightened: boolean): Asking {
  return {
    application: caller.application,
    key: caller.keyId,
    surface: caller.surface,
    model: request.model,
    operation: request.operation,
    tier: caller.user?.tier ?? 'anonymous',
    user: caller.user?.id ?? null,
    isTightened,
  };
}

/** Whether a limit counts this at all. */
export function applies({ when }: LimitRule, asking: Asking): boolean {
  return (
    (when.surface === undefined || when.surface === asking.surface) &&
    (when.model === undefined || when.model === asking.model) &&
    (when.operation === undefined || when.operation === asking.operation) &&
    (when.application === undefined || when.application === asking.application) &&
    (when.key === undefined || when.key === asking.key) &&
    (when.tier === undefined || when.tier === asking.tier) &&
    (when.tightened === undefined || asking.isTightened)
  );
}

/** Two requests with the same text share a count. NUL stands in no name. */
export function subjectText({ id, rule }: Pick<Limit, 'id' | 'rule'>, asking: Asking): string {
  // Other units, or another kind of window, are another count; a window that only grows or shrinks goes on with what it has.
  let text = `${id}\0${rule.what}\0${typeof rule.window === 'number' ? 'sliding' : rule.window}`;
  for (const dimension of rule.per) text += `\0${dimension}\0${partOf(dimension, asking)}`;
  return text;
}

/** Whose the count is that this request shares; null where requests of other applications share it, too: what they use is not this one's to hear. */
export function ownerOf({ rule: { per, when } }: Pick<Limit, 'rule'>, { application }: Asking): string | null {
  const isOwn = when.application !== undefined || when.key !== undefined || per.some((one) => OWNED.has(one));
  return isOwn ? application : null;
}

/** Of these each is one application's. */
const OWNED: ReadonlySet<Dimension> = new Set(['user', 'key', 'application']);

function partOf(dimension: Dimension, asking: Asking): string {
  switch (dimension) {
    case 'user':
      return asking.user === null ? `${asking.application}\0key\0${asking.key}` : `${asking.application}\0user\0${asking.user}`;
    case 'capability':
      return `${asking.model}\0${asking.operation}`;
    default:
      return asking[dimension];
  }
}

/** Names a count in the database, as a UUID; keyed, so that nobody who reads it can try out users. */
export type SubjectOf = (text: string) => string;

export function createSubjects(key: Uint8Array): SubjectOf {
  return (text) => {
    const hex = createHmac('sha256', key).update(`limit subject ${text}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  };
}
