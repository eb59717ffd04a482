import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../contracts/check.ts';
import type { Signal } from '../contracts/finding.ts';
import { DEFAULT_LIMITS } from '../detectors/containers/container-report.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { PDQ_MATCH_DISTANCE } from '../registries/pdq/pdq-bands.ts';
import { type PdqBits, parsePdq } from '../registries/pdq/pdq-bits.ts';
import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { CurateInput } from './curate-job.ts';
import { type PictureFacts, pictureFactsSchema } from './picture-facts.ts';
import { LEAST_QUALITY } from './seen-pictures.ts';
import { readSidecars, type Sidecars } from './sidecars.ts';
import type { FoundPicture } from './walk-folder.ts';

export interface LookingParts {
  readonly root: string;
  readonly pool: WorkerPool;
  readonly hashLists: HashRegistry;
  /** Checks of pictures, such as `nudity`; each that is wanted and missing is named in the record. */
  readonly checks: readonly Check[];
  /** Whose faces these are, and whether they agreed; left out, nobody asks. */
  readonly compareFaces?: CompareFaces;
  /** Of `tdmrep.json`. */
  readonly reservationsOf: (path: string) => readonly string[];
}

/**
 * What the register of people says of the faces in a picture: `person:protected:<id>`, `person:no-consent:<id>`, `person:unknown` …, one for each
 * face at least. Rejects when nobody can tell.
 */
export type CompareFaces = (image: Uint8Array) => Promise<readonly string[]>;

/** Everything that was seen of one file; what is null could not be. */
export interface Look {
  readonly found: FoundPicture;
  readonly sha256: string | null;
  /** Null: nobody could open it, and `problem` says why. */
  readonly facts: PictureFacts | null;
  readonly problem: string | null;
  readonly sidecars: Sidecars;
  readonly reserved: readonly string[];
  /** As `list:algorithm`. */
  readonly known: readonly string[];
  readonly signals: readonly Signal[];
  /** What was said of faces; null: nobody was asked, or nobody could tell. */
  readonly people: readonly string[] | null;
  /** Checks that could not tell. */
  readonly failed: readonly string[];
}

const DEADLINE_MS = 60_000;
const NOTHING = { sha256: null, facts: null, problem: null, known: [], signals: [], people: null, failed: [] } as const;

/** Looks at a file. Never rejects: what could not be seen is said. */
export async function lookAtPicture(found: FoundPicture, parts: LookingParts): Promise<Look> {
  const about = { found, sidecars: await readSidecars(parts.root, found.path), reserved: parts.reservationsOf(found.path) };
  if (found.bytes > DEFAULT_LIMITS.maxBytes) return { ...NOTHING, ...about, problem: 'too_large' };
  try {
    const bytes = await readWhole(join(parts.root, found.path), found.bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { facts, problem } = await openIt(bytes, about.sidecars.xmp, parts.pool);
    const known = await knownAs(bytes, sha256, facts, parts.hashLists);
    const isPicture = facts?.kind === 'picture';
    const seen = isPicture ? await askChecks(bytes, parts.checks) : { signals: [], failed: [] };
    const people = isPicture ? await (parts.compareFaces?.(bytes).catch(() => null) ?? null) : null;
    return { ...about, sha256, facts, problem, known, people, ...seen };
  } catch {
    return { ...NOTHING, ...about, problem: 'cannot_be_read' };
  }
}

/** No more than was announced: the file may grow meanwhile. */
async function readWhole(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    let at = 0;
    while (at < bytes) {
      const { bytesRead } = await file.read(buffer, at, bytes - at, at);
      if (bytesRead === 0) throw new RangeError('the file became shorter');
      at += bytesRead;
    }
    return buffer;
  } finally {
    await file.close();
  }
}

async function openIt(bytes: Buffer, xmp: string | null, pool: WorkerPool): Promise<Pick<Look, 'facts' | 'problem'>> {
  const outcome = await pool.run<CurateInput, PictureFacts>({
    module: jobModule(import.meta.url, './curate-job'),
    input: { bytes, xmp },
    deadlineMs: DEADLINE_MS,
    parse: (output) => pictureFactsSchema.parse(output),
  });
  return outcome.kind === 'done' ? { facts: outcome.output, problem: null } : { facts: null, problem: `reader_${outcome.kind}` };
}

async function knownAs(bytes: Buffer, sha256: string, facts: PictureFacts | null, lists: HashRegistry): Promise<readonly string[]> {
  const digestOf = (algorithm: 'sha256' | 'md5') => (algorithm === 'sha256' ? sha256 : createHash('md5').update(bytes).digest('hex'));
  const exact = lists.exactAlgorithms.flatMap((algorithm) => lists.matchExact(algorithm, digestOf(algorithm)));
  const all = facts?.kind === 'picture' ? [facts.shown, ...facts.others] : [];
  const reliable = new Set(all.filter(({ quality }) => quality >= LEAST_QUALITY).flatMap(({ hashes }) => hashes));
  const queries = [...reliable].map(parsePdq).filter((bits): bits is PdqBits => bits !== undefined);
  const near = lists.hasPdq && queries.length > 0 ? await lists.matchPdq(queries, PDQ_MATCH_DISTANCE) : [];
  return [...new Set([...exact, ...near].map(({ list, algorithm }) => `${list}:${algorithm}`))];
}

async function askChecks(image: Buffer, checks: readonly Check[]): Promise<Pick<Look, 'signals' | 'failed'>> {
  const answers = await Promise.all(
    checks.map(async (check) => {
      try {
        const input = { subject: { kind: 'input_image', index: 0 } as const, prompt: '', surface: 'curate', image };
        const detection = await check.detect(input, AbortSignal.timeout(DEADLINE_MS));
        return detection.kind === 'signals' ? { signals: detection.signals, failed: [] } : { signals: [], failed: [check.id] };
      } catch {
        return { signals: [], failed: [check.id] };
      }
    }),
  );
  return { signals: answers.flatMap(({ signals }) => signals), failed: answers.flatMap(({ failed }) => failed) };
}
