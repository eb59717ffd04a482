import { type Checkpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { EMPTY_TREE, rootOf, sameHash } from './merkle.ts';
import { type NoteSigner, type NoteVerifier, signatureLine } from './note.ts';
import { verifyConsistency } from './verify-proof.ts';
import { parseAddCheckpoint, type WitnessAnswer } from './witness-wire.ts';

/** The last tree head that a witness cosigned for one log. */
export interface WitnessedHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

export interface WitnessState {
  readonly signer: NoteSigner;
  /** The keys trusted for each origin; an origin that is not here is unknown. */
  readonly logs: ReadonlyMap<string, readonly NoteVerifier[]>;
  /** The last head cosigned for an origin; none means that it never cosigned one. */
  readonly heads: ReadonlyMap<string, WitnessedHead>;
}

/** What to answer, and what must be on disk before anyone hears the answer. */
export interface WitnessDecision {
  readonly answer: WitnessAnswer;
  readonly record?: { readonly origin: string; readonly head: WitnessedHead };
}

const FIRST_HEAD: WitnessedHead = { size: 0, root: rootOf(EMPTY_TREE) };

function refuse(status: WitnessAnswer['status'], body = ''): WitnessDecision {
  return { answer: { status, contentType: 'text/plain; charset=utf-8', body } };
}

/** Opens the checkpoint with the keys of the origin that it names itself: unknown origin 404, no valid signature 403. */
function openKnown(
  note: string,
  logs: WitnessState['logs'],
): { kind: 'opened'; checkpoint: Checkpoint; text: string } | { kind: 'refused'; status: 400 | 403 | 404 } {
  // The text before the signatures is only used to look up whose keys to try.
  const claimed = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  if (claimed === null) return { kind: 'refused', status: 400 };
  const verifiers = logs.get(claimed.origin);
  if (verifiers === undefined) return { kind: 'refused', status: 404 };
  const opened = openCheckpoint(note, verifiers);
  if (opened.kind === 'opened') return opened;
  return { kind: 'refused', status: opened.reason === 'malformed' ? 400 : 403 };
}

/**
 * Decides an `add-checkpoint` request (C2SP tlog-witness) without side effects: 200 and the cosignature line, 400 malformed, 403 not
 * signed by the log, 404 unknown origin, 409 and the known size when `old` is not it (without a size for another root at the
 * same size: that is a fork), 422 when the proof does not hold. The caller stores `record` before it sends `answer`.
 */
export function addCheckpoint({ signer, logs, heads }: WitnessState, body: string): WitnessDecision {
  const request = parseAddCheckpoint(body);
  if (request === null) return refuse(400);
  const opened = openKnown(request.checkpoint, logs);
  if (opened.kind === 'refused') return refuse(opened.status);
  const { origin, size, root } = opened.checkpoint;
  if (request.oldSize > size) return refuse(400);
  const known = heads.get(origin) ?? FIRST_HEAD;
  if (request.oldSize !== known.size) {
    return { answer: { status: 409, contentType: 'text/x.tlog.size', body: `${known.size}\n` } };
  }
  if (size === known.size && !sameHash(root, known.root)) return refuse(409);
  const grew = { oldSize: known.size, oldRoot: known.root, newSize: size, newRoot: root, proof: request.proof };
  if (!verifyConsistency(grew)) return refuse(422);
  const line = signatureLine(opened.text, signer);
  return { answer: { status: 200, contentType: 'text/plain; charset=utf-8', body: line }, record: { origin, head: { size, root } } };
}

/** Where a witness keeps what it cosigned. `write` resolves when the head is durable and replaces the one before. */
export interface WitnessStore {
  read(): Promise<ReadonlyMap<string, WitnessedHead>>;
  write(origin: string, head: WitnessedHead): Promise<void>;
}

export interface WitnessOptions {
  readonly signer: NoteSigner;
  readonly logs: ReadonlyMap<string, readonly NoteVerifier[]>;
  readonly store: WitnessStore;
}

/**
 * A witness for one or more logs. Requests are taken one after the other, so that checking the old size and storing the new is
 * one step; an answer leaves only after its record is durable, and when the store fails there is no answer (it rejects).
 * The store must belong to this witness alone.
 */
export function createWitness({ signer, logs, store }: WitnessOptions): { addCheckpoint(body: string): Promise<WitnessAnswer> } {
  let queue: Promise<unknown> = Promise.resolve();
  const decide = async (body: string): Promise<WitnessAnswer> => {
    const { answer, record } = addCheckpoint({ signer, logs, heads: await store.read() }, body);
    if (record) await store.write(record.origin, record.head);
    return answer;
  };
  return {
    addCheckpoint: (body) => {
      const answer = queue.then(() => decide(body));
      queue = answer.catch(() => {});
      return answer;
    },
  };
}
