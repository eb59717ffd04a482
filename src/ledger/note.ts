import { sign, verify } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { isKeyName, parseSignerKey, parseVerifierKey, SIGNATURE_TYPES } from './note-key.ts';

/** Signs note texts. `sign` returns the signature without the key id. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  sign(text: string): Uint8Array;
}

export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: string, signature: Uint8Array): boolean;
}

/** One signature line: who claims to have signed, and the bytes after the key id. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** Only `opened` has a text, because nobody may read what no known key has signed. */
export type OpenedNote =
  | {
      readonly kind: 'opened';
      readonly text: string;
      /** By known keys, each verified; never empty. */
      readonly verified: readonly NoteSignature[];
      /** By keys that we do not know; they mean nothing. */
      readonly unknown: readonly NoteSignature[];
    }
  | { readonly kind: 'rejected'; readonly reason: 'malformed' | 'bad_signature' | 'no_known_signature' };

/** C2SP asks for at least 16; x/mod stops at 100. */
const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^— (\S+) (\S+)$/u;

/** A log's signer from its `PRIVATE+KEY+…` text. Throws CONFIG_INVALID unless it is a plain Ed25519 key (type 0x01). */
export function noteSigner(signerKey: string): NoteSigner {
  const { name, id, type, key } = parseSignerKey(signerKey);
  if (type !== SIGNATURE_TYPES.ed25519) throw new ImprimaturError('CONFIG_INVALID', { detail: `key ${name} is not a log's key` });
  return { name, keyId: id, sign: (text) => sign(null, Buffer.from(text), key) };
}

/** A verifier from `name+hash+base64`. Throws CONFIG_INVALID unless it is a plain Ed25519 key (type 0x01). */
export function noteVerifier(verifierKey: string): NoteVerifier {
  const { name, id, type, key } = parseVerifierKey(verifierKey);
  if (type !== SIGNATURE_TYPES.ed25519) throw new ImprimaturError('CONFIG_INVALID', { detail: `key ${name} is not a log's key` });
  return { name, keyId: id, verify: (text, signature) => verify(null, Buffer.from(text), key, signature) };
}

/** `— name base64(key id ‖ signature)` with its newline. */
export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(keyId);
  return `— ${name} ${encodeBase64(Buffer.concat([id, signature]))}\n`;
}

/** Signs `text` and formats the line. */
export function signatureLine(text: string, { name, keyId, sign: signText }: NoteSigner): string {
  return formatSignature({ name, keyId, signature: signText(text) });
}

/** The text, a blank line and one line per signer (C2SP signed-note). Throws INTERNAL when `text` cannot be a note. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || !isNoteText(text)) throw new ImprimaturError('INTERNAL', { detail: 'text cannot be signed as a note' });
  return `${text}\n${signers.map((signer) => signatureLine(text, signer)).join('')}`;
}

/** No control characters but newline, no lone surrogates. */
function isNoteText(text: string): boolean {
  return !/[^\P{Cc}\n\u007f-\u009f]|\p{Surrogate}/u.test(text);
}

function decodeText(note: string | Uint8Array): string | null {
  try {
    const text = typeof note === 'string' ? note : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(note);
    return isNoteText(text) ? text : null;
  } catch {
    return null;
  }
}

/** Parses signature lines as they stand after the blank line of a note; null when any is malformed. */
export function parseSignatureLines(lines: string): NoteSignature[] | null {
  if (!lines.endsWith('\n')) return null;
  const signatures: NoteSignature[] = [];
  for (const line of lines.slice(0, -1).split('\n')) {
    const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = Buffer.from(decodeBase64(base64) ?? []);
    if (!isKeyName(name) || bytes.length < 5 || signatures.length === MAX_SIGNATURES) return null;
    signatures.push({ name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(4) });
  }
  return signatures;
}

const isBy = (signature: NoteSignature) => (verifier: NoteVerifier) =>
  verifier.name === signature.name && verifier.keyId === signature.keyId;

/**
 * Opens a signed note. One false signature by a known key rejects the whole note; signatures by unknown keys are set
 * aside; without any known signature the note is rejected. Never throws.
 */
export function openNote(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const whole = decodeText(note);
  const split = whole?.lastIndexOf('\n\n') ?? -1;
  if (whole === null || split < 0) return { kind: 'rejected', reason: 'malformed' };
  const text = whole.slice(0, split + 1);
  const signatures = parseSignatureLines(whole.slice(split + 2));
  if (signatures === null) return { kind: 'rejected', reason: 'malformed' };
  const verified: NoteSignature[] = [];
  const unknown: NoteSignature[] = [];
  for (const signature of signatures) {
    const verifier = verifiers.find(isBy(signature));
    if (verifier === undefined) unknown.push(signature);
    else if (!verifier.verify(text, signature.signature)) return { kind: 'rejected', reason: 'bad_signature' };
    else verified.push(signature);
  }
  if (verified.length === 0) return { kind: 'rejected', reason: 'no_known_signature' };
  return { kind: 'opened', text, verified, unknown };
}

/** True when `opened` carries a verified signature by this key. */
export function isSignedBy(verified: readonly NoteSignature[], verifier: NoteVerifier): boolean {
  return verified.some((signature) => isBy(signature)(verifier));
}
