import type { Operation, Submission } from './submission.ts';

/** What one request uses, in the words by which kill switches name it. */
export interface CapabilityUse {
  readonly surface: string;
  /** The configured model, aliases resolved. */
  readonly model: string;
  readonly operation: Operation;
  /** Where the end user is, such as `DE` or `US-CA`. Null when nobody said: then it may be anywhere. */
  readonly region: string | null;
}

/** What a submission uses. */
export function useOf({ caller, request }: Submission): CapabilityUse {
  return { surface: caller.surface, model: request.model, operation: request.operation, region: caller.user?.region ?? null };
}
