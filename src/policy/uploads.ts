import { z } from 'zod';
import type { PolicyRef } from '../contracts/decision.ts';
import { strongestUpload, type UploadAction, type UploadSituation } from '../contracts/upload.ts';

const any = z.enum(['post', 'label', 'hold', 'refuse']);
const marked = z.enum(['label', 'hold', 'refuse']);
const stopped = z.enum(['hold', 'refuse']);

/**
 * What a platform does with files that are to be published. Each line can say only what it may say: what a model made is labelled at
 * least, and what could not be looked at is held at least. `taken-down`, `known-bad` and `hostile-file` have no line: they are
 * refused.
 */
export const uploadsSchema = z.strictObject({
  'ours-intact': any.default('hold').describe('Published here; these very bytes.'),
  'ours-altered': marked.default('hold').describe('Leads to a picture published here, and is not what left.'),
  'ours-recovered': marked.default('hold').describe('Published here, its credential stripped; recognized by what survives that.'),
  'mark-of-another': stopped.default('hold').describe('Bears our invisible mark of another picture: somebody copied it.'),
  'mark-unrecorded': stopped.default('hold').describe('Bears an invisible mark under our key of which there is no record.'),
  'review-copy': stopped.default('hold').describe('Bears the invisible mark of what a reviewer was shown; never published.'),
  unreadable: stopped.default('hold').describe('Could not be looked at.'),
  'credential-broken': marked.default('hold').describe('Carries a content credential that does not fit it.'),
  'parent-broken': marked.default('hold').describe('Made from a picture whose own credential does not fit it.'),
  'generated-elsewhere': marked.default('hold').describe('Says of itself that a model made it.'),
  'edited-elsewhere': marked.default('hold').describe('Says of itself that a model made parts of it.'),
  'generated-declared': marked.default('hold').describe('Only its contributor says that a model made it.'),
  'edited-declared': marked.default('hold').describe('Only its contributor says that a model made parts of it.'),
  'camera-signed': any.default('hold').describe('Signed by a camera whose maker this gateway trusts.'),
  'camera-claimed': any.default('hold').describe('The file, or its contributor, says that a camera took it; anybody can say so.'),
  unknown: any.default('hold').describe('Nothing says where it comes from.'),
  'declaration-mismatch': marked.default('hold').describe('Its contributor says something else than the file does.'),
});
export type UploadsEntry = z.output<typeof uploadsSchema>;

/** What no policy may relax. */
const FLOORS: Readonly<Partial<Record<UploadSituation, UploadAction>>> = {
  'taken-down': 'refuse',
  'known-bad': 'refuse',
  'hostile-file': 'refuse',
};

export interface UploadReason {
  readonly situation: UploadSituation;
  readonly action: UploadAction;
  /** True when no policy may relax it. */
  readonly floor: boolean;
}

export interface UploadVerdict {
  readonly action: UploadAction;
  readonly policy: PolicyRef;
  /** What is the matter with the file, in the order in which it was found. */
  readonly reasons: readonly [UploadReason, ...UploadReason[]];
}

/** At least one situation must be given: there is no verdict about nothing. */
export type Situations = readonly [UploadSituation, ...UploadSituation[]];

/** The strongest action of everything that is the matter; one more situation never makes it milder. */
export function judgeUpload(uploads: UploadsEntry, policy: PolicyRef, [first, ...rest]: Situations): UploadVerdict {
  const reasonFor = (situation: UploadSituation): UploadReason => {
    const floor = FLOORS[situation];
    return { situation, action: floor ?? lineFor(uploads, situation), floor: floor !== undefined };
  };
  const reasons: UploadVerdict['reasons'] = [reasonFor(first), ...rest.map(reasonFor)];
  return { action: reasons.reduce<UploadAction>((action, reason) => strongestUpload(action, reason.action), 'post'), policy, reasons };
}

/** A situation that is newer than the policy is held. */
function lineFor(uploads: UploadsEntry, situation: UploadSituation): UploadAction {
  return new Map<string, UploadAction>(Object.entries(uploads)).get(situation) ?? 'hold';
}
