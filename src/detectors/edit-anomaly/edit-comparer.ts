import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../containers/container-report.ts';
import type { PictureLooker } from '../looking/picture-looker.ts';
import type { Sight } from '../looking/sight.ts';
import { LostJob } from '../lost-job.ts';
import { nudityRisk } from '../nudity/nudity-risk.ts';
import { type EditComparison, type EditInput, editSchema, type SeenPicture } from './edit-comparison.ts';

interface ComparerParts {
  readonly pool: WorkerPool;
  /** Has mostly looked at both pictures already, for the other detectors. */
  readonly looker: PictureLooker;
  readonly limits?: FileLimits;
  /** For the comparison, queue and a cold start included. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 20_000;

/** Compressed, as they came. */
export interface EditPictures {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Transparent where the caller let the model paint. */
  readonly mask?: Uint8Array;
}

export type CompareEdit = (pictures: EditPictures, signal?: AbortSignal) => Promise<EditComparison>;

/**
 * Tells whether an edit took somebody's clothes: the same person, with skin of that person's own color where there was cloth, and none
 * of the cloth's structure left. @throws LostJob when the pool lost a job
 */
export function createEditComparer({ pool, looker, limits = DEFAULT_LIMITS, deadlineMs = DEADLINE_MS }: ComparerParts): CompareEdit {
  return async ({ before, after, mask }, signal) => {
    const [first, second] = await Promise.all([looker.look(before, 'thorough', signal), looker.look(after, 'thorough', signal)]);
    if (first.kind === 'unreadable') return { kind: 'unreadable', which: 'before' };
    if (second.kind === 'unreadable') return { kind: 'unreadable', which: 'after' };
    const outcome = await pool.run<EditInput, EditComparison>(
      {
        module: jobModule(import.meta.url, './edit-job'),
        input: { ...editInputOf({ before, after, ...(mask === undefined ? {} : { mask }) }, [first, second]), limits },
        deadlineMs,
        parse: (output) => editSchema.parse(output),
      },
      signal,
    );
    if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
    return outcome.output;
  };
}

type Seen = Extract<Sight, { kind: 'seen' }>;

/** What the comparison needs of two looks. */
export function editInputOf({ before, after, ...mask }: EditPictures, [first, second]: readonly [Seen, Seen]): Omit<EditInput, 'limits'> {
  const explicitIn = ({ nudity }: Seen) => nudityRisk(nudity).explicit;
  return {
    before: seenPicture(before, first),
    after: seenPicture(after, second),
    nudityRise: explicitIn(second) - explicitIn(first),
    ...mask,
  };
}

function seenPicture(bytes: Uint8Array, { width, faces }: Seen): SeenPicture {
  return { bytes, width, faces: faces.filter(({ frame }) => frame === 0) };
}
