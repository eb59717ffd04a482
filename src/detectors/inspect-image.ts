import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import {
  type ContainerReport,
  DEFAULT_LIMITS,
  type FileLimits,
  type FileProblem,
  hostile,
  malformed,
} from './containers/container-report.ts';
import { readContainer } from './containers/read-container.ts';
import { LostJob } from './lost-job.ts';
import { type DecodedFacts, type InspectInput, type InspectOutput, inspectOutputSchema } from './pixels/inspect-output.ts';

/** What became of looking into a file. `texts`: words found inside it, bounded, whatever the outcome. */
export type Inspection =
  | { readonly kind: 'inspected'; readonly facts: DecodedFacts; readonly texts: readonly string[] }
  | { readonly kind: 'refused'; readonly problems: readonly FileProblem[]; readonly texts: readonly string[] };

/** Opens pictures for all detectors. */
export interface ImageInspector {
  /**
   * Structure first, in this process; then the pixels, in the pool, and only for a file that passed. Asking again for
   * the same bytes object gives the same answer without a second decode. Bytes must not change afterwards.
   * @throws LostJob when the pool lost the job; that answer is not remembered. Rejects when `signal` aborts.
   */
  inspect(bytes: Uint8Array, signal?: AbortSignal): Promise<Inspection>;
}

interface InspectorParts {
  readonly pool: WorkerPool;
  readonly limits?: FileLimits;
  /** For one decode, queue included. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 8_000;

export function createImageInspector({ pool, limits = DEFAULT_LIMITS, deadlineMs = DEADLINE_MS }: InspectorParts): ImageInspector {
  const known = new WeakMap<Uint8Array, Promise<Inspection>>();
  const inspectOnce = (bytes: Uint8Array): Promise<Inspection> => {
    const earlier = known.get(bytes);
    if (earlier !== undefined) return earlier;
    const started = openFile(bytes, { pool, limits, deadlineMs });
    known.set(bytes, started);
    started.catch(() => known.delete(bytes));
    return started;
  };
  // Several checks wait for one decode, so one that gives up must not end it for the others.
  return { inspect: (bytes, signal) => unlessAborted(inspectOnce(bytes), signal) };
}

async function openFile(bytes: Uint8Array, { pool, limits, deadlineMs }: Required<InspectorParts>): Promise<Inspection> {
  const container = readContainer(bytes, limits);
  if (container.kind === 'refused') return container;
  const { report } = container;
  const outcome = await pool.run<InspectInput, InspectOutput>({
    module: jobModule(import.meta.url, './pixels/inspect-job'),
    input: { bytes, maxPixelsAllFrames: limits.maxPixelsAllFrames },
    deadlineMs,
    parse: (output) => inspectOutputSchema.parse(output),
  });
  if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
  if (outcome.output.kind === 'undecodable') return { kind: 'refused', problems: [malformed('undecodable')], texts: report.texts };
  const problems = contradictions(report, outcome.output.facts);
  if (problems.length > 0) return { kind: 'refused', problems, texts: report.texts };
  return { kind: 'inspected', facts: outcome.output.facts, texts: report.texts };
}

/** Where the decoder saw something else than the header told us, one of the two was deceived. */
function contradictions(report: ContainerReport, facts: DecodedFacts): FileProblem[] {
  if (report.format === 'svg') return [];
  if (facts.frames < report.frames) return [malformed('unseen_frames')];
  const told = report.widthPx * report.heightPx * report.frames;
  return facts.width * facts.height * facts.frames > told ? [hostile('header_mismatch')] : [];
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException('stopped waiting', 'AbortError'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
