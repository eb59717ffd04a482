import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { anyVerifier } from './cosignature.ts';
import { type EntryWalk, walkEntries } from './entry-walk.ts';
import { EMPTY_TREE, rootOf, sameHash } from './merkle.ts';
import { isSignedBy } from './note.ts';
import { problem, type VerifyProblem } from './verify-problem.ts';

export interface VerifyLogOptions {
  /** Reads one static file (`checkpoint`, `tile/…`); rejects when there is none. */
  readonly fetch: (path: string) => Promise<Uint8Array>;
  /** The log's key first, then those of witnesses; each of them must have signed. */
  readonly verifierKeys: readonly [string, ...string[]];
  /** A signed checkpoint seen earlier, which this log must extend. */
  readonly since?: string;
  readonly onProgress?: (progress: { readonly verified: number; readonly size: number }) => void;
}

/** `ok` only when everything was read, recomputed and found equal. `size` and `root` are those of a checkpoint with valid signatures. */
export interface LogVerification {
  readonly ok: boolean;
  readonly size: number | null;
  /** Base64, as in the checkpoint. */
  readonly root: string | null;
  /** In the order found; at most 1,000, the last one then saying so. */
  readonly problems: readonly VerifyProblem[];
}

const MAX_PROBLEMS = 1_000;

type Signed = { readonly checkpoint: Checkpoint } | { readonly problems: readonly VerifyProblem[] };

/** Opens a checkpoint and holds it to every key, and to the log key's name as its origin. */
function openSigned(note: string | Uint8Array, keys: VerifyLogOptions['verifierKeys'], path: string): Signed {
  const verifiers = keys.map(anyVerifier);
  const opened = openCheckpoint(note, verifiers);
  if (opened.kind === 'rejected') return { problems: [problem('checkpoint_rejected', path, opened.reason)] };
  const { checkpoint, verified } = opened;
  const problems = verifiers
    .filter((verifier) => !isSignedBy(verified, verifier))
    .map(({ name }) => problem('signature_missing', path, `no signature by ${name}`));
  const logName = verifiers[0]?.name;
  if (checkpoint.origin !== logName) problems.push(problem('wrong_origin', path, `checkpoint of ${checkpoint.origin}, key of ${logName}`));
  return problems.length > 0 ? { problems } : { checkpoint };
}

async function fetchSigned({ fetch, verifierKeys }: VerifyLogOptions): Promise<Signed> {
  let note: Uint8Array;
  try {
    note = await fetch('checkpoint');
  } catch {
    return { problems: [problem('file_missing', 'checkpoint', 'cannot be read')] };
  }
  return openSigned(note, verifierKeys, 'checkpoint');
}

/** The checkpoint seen earlier: only the log's own signature counts, since witnesses may have come later. */
function openSince({ since, verifierKeys }: VerifyLogOptions): Signed {
  if (since === undefined) return { checkpoint: { origin: '', size: 0, root: rootOf(EMPTY_TREE) } };
  return openSigned(since, [verifierKeys[0]], 'since');
}

/** What the recomputed tree says about the two checkpoints. */
function compareRoots(walk: EntryWalk, current: Checkpoint, since: Checkpoint): VerifyProblem[] {
  const problems: VerifyProblem[] = [];
  if (walk.root !== null && !sameHash(walk.root, current.root)) {
    problems.push(problem('wrong_root', 'checkpoint', 'the entries do not give the signed root'));
  }
  if (walk.sinceRoot !== null && !sameHash(walk.sinceRoot, since.root)) {
    problems.push(problem('not_an_extension', 'since', `the first ${since.size} entries are not those of the earlier checkpoint`));
  }
  return problems;
}

/**
 * Audits a whole log from its static files, trusting nothing but the keys: fetches the checkpoint, every tile and every entry
 * bundle, recomputes all hashes from the entries, and compares each tile, the root and, with `since`, the root at the earlier
 * size (stronger than a consistency proof). What is wrong with the log comes back as problems; it throws CONFIG_INVALID when
 * a key is malformed, and what `onProgress` throws.
 */
export async function verifyLog(options: VerifyLogOptions): Promise<LogVerification> {
  const signed = await fetchSigned(options);
  const since = openSince(options);
  const unsigned = [signed, since].flatMap((one) => ('problems' in one ? one.problems : []));
  const current = 'checkpoint' in signed ? signed.checkpoint : null;
  const head = { size: current?.size ?? null, root: current ? Buffer.from(current.root).toString('base64') : null };
  if (current === null || !('checkpoint' in since)) return { ok: false, ...head, problems: unsigned };
  const earlier = since.checkpoint;
  if (earlier.size > current.size) {
    const rollback = problem('rolled_back', 'checkpoint', `${current.size} entries, but an earlier checkpoint has ${earlier.size}`);
    return { ok: false, ...head, problems: [rollback] };
  }
  const problems: VerifyProblem[] = [];
  const report = (found: VerifyProblem) => {
    if (problems.length < MAX_PROBLEMS - 1) problems.push(found);
    else if (problems.length === MAX_PROBLEMS - 1) problems.push(problem('too_many_problems', found.path, 'and more'));
  };
  const { fetch, onProgress } = options;
  const walk = await walkEntries({ fetch, size: current.size, sinceSize: earlier.size, report, ...(onProgress && { onProgress }) });
  problems.push(...compareRoots(walk, current, earlier));
  return { ok: problems.length === 0 && walk.root !== null, ...head, problems };
}
