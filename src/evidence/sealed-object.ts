import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import type { KeyWrapper } from './key-wrapper.ts';

/** What a sealed object is bound to: opened as anything else, it does not open. */
export interface SealedAs {
  readonly id: string;
  readonly kind: string;
}

/** "IMSE" and the version of the layout. */
const MAGIC = Buffer.from('IMSE\x01', 'latin1');
const DATA_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/**
 * Seals up to 64 MB in memory. Layout: magic and version (5) · key id length (2, big endian) · key id · wrapped key length (2) · wrapped key ·
 * nonce (12) · ciphertext · tag (16). Each object has its own random key, AES-256-GCM (NIST SP 800-38D) encrypts, and the tag covers all
 * bytes before the ciphertext and `as`, so objects cannot be changed, cut, or put in each other's place.
 *
 * @throws ImprimaturError STORAGE_UNAVAILABLE when the key service does not answer.
 */
export async function sealObject({
  bytes,
  as,
  keys,
}: {
  readonly bytes: Uint8Array;
  readonly as: SealedAs;
  readonly keys: KeyWrapper;
}): Promise<Uint8Array> {
  const dataKey = randomBytes(DATA_KEY_BYTES);
  const wrapped = await fromKeyService(keys.wrap(dataKey));
  const nonce = randomBytes(NONCE_BYTES);
  const header = Buffer.concat([MAGIC, ...withLength(Buffer.from(keys.keyId, 'utf8')), ...withLength(wrapped), nonce]);
  const cipher = createCipheriv(ALGORITHM, dataKey, nonce).setAAD(associated(header, as));
  const ciphertext = cipher.update(bytes);
  cipher.final();
  dataKey.fill(0);
  return Buffer.concat([header, ciphertext, cipher.getAuthTag()]);
}

/**
 * The bytes of a sealed object, every one of them authenticated.
 *
 * @throws ImprimaturError EVIDENCE_UNREADABLE when anything about it is not as it was sealed, STORAGE_UNAVAILABLE when the key service does
 *   not answer.
 */
export async function openObject({
  sealed,
  as,
  keys,
}: {
  readonly sealed: Uint8Array;
  readonly as: SealedAs;
  readonly keys: KeyWrapper;
}): Promise<Uint8Array> {
  const { keyId, wrapped, nonce, header, ciphertext, tag } = parse(sealed);
  const dataKey = await fromKeyService(keys.unwrap(keyId, wrapped));
  try {
    const decipher = createDecipheriv(ALGORITHM, dataKey, nonce).setAAD(associated(header, as)).setAuthTag(tag);
    const bytes = decipher.update(ciphertext);
    decipher.final();
    return bytes;
  } catch (cause) {
    throw unreadable('it was changed, or it was sealed as something else', cause);
  } finally {
    dataKey.fill(0);
  }
}

function parse(sealed: Uint8Array) {
  const view = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  let at = 0;
  const take = (length: number) => {
    if (at + length > view.length - TAG_BYTES) throw unreadable('it is cut short');
    at += length;
    return view.subarray(at - length, at);
  };
  if (!take(MAGIC.length).equals(MAGIC)) throw unreadable('it is not a sealed object of a version that this software knows');
  const keyId = take(take(2).readUInt16BE()).toString('utf8');
  const wrapped = take(take(2).readUInt16BE());
  const nonce = take(NONCE_BYTES);
  const header = view.subarray(0, at);
  return { keyId, wrapped, nonce, header, ciphertext: view.subarray(at, -TAG_BYTES), tag: view.subarray(-TAG_BYTES) };
}

/** Header, kind and id, each with its length before it, so that no two different triples give the same bytes. */
function associated(header: Uint8Array, { kind, id }: SealedAs): Uint8Array {
  return Buffer.concat([header, Buffer.from(kind, 'utf8'), Buffer.from(id, 'utf8')].flatMap(withLength));
}

function withLength(part: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(part.length);
  return [length, part];
}

async function fromKeyService(answer: Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof ImprimaturError) throw cause;
    throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'The evidence key service did not answer.', cause });
  }
}

function unreadable(problem: string, cause?: unknown): ImprimaturError {
  return new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `A sealed object does not open: ${problem}.`, cause });
}
