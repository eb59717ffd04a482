import type { Readership } from '../contracts/audience.ts';
import { LABEL_PARAMETER, type Submission } from '../contracts/submission.ts';

/** What of a request bears on the marks that its pictures need. */
export function occasionOf({ caller, request }: Submission, readership: Readonly<Record<string, Readership>> = {}) {
  const known = Object.hasOwn(readership, caller.surface) ? readership[caller.surface] : undefined;
  return {
    surface: caller.surface,
    application: caller.application,
    isLabelWanted: request.parameters[LABEL_PARAMETER] === true,
    ...(known === undefined ? {} : { readership: known }),
    ...(caller.user === undefined ? {} : { user: caller.user }),
  };
}
