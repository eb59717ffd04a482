import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** Signature types of C2SP signed-note: plain Ed25519, and a witness's timestamped Ed25519 cosignature. */
export const SIGNATURE_TYPES = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof SIGNATURE_TYPES)[keyof typeof SIGNATURE_TYPES];

/** A parsed key of either half. `id` is the first 32 bits of SHA-256(name ‖ "\n" ‖ type ‖ public key). */
export interface NoteKey {
  readonly name: string;
  readonly id: number;
  readonly type: SignatureType;
  readonly key: KeyObject;
}

// The fixed DER heads of RFC 8410; the 32 raw bytes follow.
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const RAW_BYTES = 32;

/** Key names are not empty and have neither Unicode spaces nor a plus. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && !/[\s\u0085+]|\p{Surrogate}|\p{Cc}/u.test(name);
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length);
}

function keyId(name: string, type: SignatureType, publicKey: Uint8Array): number {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(type)).update(publicKey).digest().readUInt32BE();
}

function formatKey(name: string, id: number, type: SignatureType, raw: Uint8Array): string {
  return `${name}+${id.toString(16).padStart(8, '0')}+${encodeBase64(Buffer.concat([Buffer.of(type), raw]))}`;
}

const isSignatureType = (type: number | undefined): type is SignatureType =>
  type === SIGNATURE_TYPES.ed25519 || type === SIGNATURE_TYPES.cosignature;

// Never quotes the text: it may be a private key.
const malformed = (what: string) => new ImprimaturError('CONFIG_INVALID', { detail: `malformed ledger ${what} key` });

/** `name+hash+base64(type ‖ 32 bytes)`, the form that both halves share. */
function splitKey(text: string, what: string): { name: string; id: number; type: SignatureType; raw: Uint8Array } {
  // Base64 may hold a plus of its own.
  const [name = '', hash = '', ...rest] = text.split('+');
  const [type, ...raw] = decodeBase64(rest.join('+')) ?? [];
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(hash) || !isSignatureType(type) || raw.length !== RAW_BYTES) throw malformed(what);
  return { name, id: Number.parseInt(hash, 16), type, raw: Uint8Array.from(raw) };
}

/** Parses `name+hash+base64`. Throws CONFIG_INVALID when it is malformed or the hash is not that of the key. */
export function parseVerifierKey(text: string): NoteKey {
  const { name, id, type, raw } = splitKey(text, 'verifier');
  if (id !== keyId(name, type, raw)) throw malformed('verifier');
  return { name, id, type, key: createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' }) };
}

/** Parses `PRIVATE+KEY+name+hash+base64`. Throws CONFIG_INVALID as above; the error never quotes the key. */
export function parseSignerKey(text: string): NoteKey {
  const prefix = 'PRIVATE+KEY+';
  if (!text.startsWith(prefix)) throw malformed('signer');
  const { name, id, type, raw } = splitKey(text.slice(prefix.length), 'signer');
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, raw]), format: 'der', type: 'pkcs8' });
  if (id !== keyId(name, type, rawPublicKey(createPublicKey(key)))) throw malformed('signer');
  return { name, id, type, key };
}

/** The public half, `name+hash+base64`, of a parsed signer or verifier key. */
export function verifierKeyOf({ name, id, type, key }: NoteKey): string {
  return formatKey(name, id, type, rawPublicKey(key.type === 'private' ? createPublicKey(key) : key));
}

export interface NoteKeyPair {
  readonly signerKey: string;
  readonly verifierKey: string;
}

/** A new Ed25519 key pair in note form. Logs sign with type `ed25519`, witnesses with `cosignature`. Throws CONFIG_INVALID on a bad name. */
export function generateNoteKey(name: string, type: SignatureType = SIGNATURE_TYPES.ed25519): NoteKeyPair {
  return noteKeyFromSeed(randomBytes(RAW_BYTES), name, type);
}

/** The key pair of a 32-byte seed (RFC 8032 §5.1.5): the same seed and name give the same keys. Throws CONFIG_INVALID on a bad name or seed. */
export function noteKeyFromSeed(seed: Uint8Array, name: string, type: SignatureType = SIGNATURE_TYPES.ed25519): NoteKeyPair {
  if (!isKeyName(name)) throw malformed('name of a');
  if (seed.length !== RAW_BYTES) throw malformed('seed of a');
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const id = keyId(name, type, rawPublicKey(publicKey));
  return { signerKey: `PRIVATE+KEY+${formatKey(name, id, type, seed)}`, verifierKey: verifierKeyOf({ name, id, type, key: publicKey }) };
}
