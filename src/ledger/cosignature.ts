import { sign, verify } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import { type NoteSigner, type NoteVerifier, noteVerifier } from './note.ts';
import { parseSignerKey, parseVerifierKey, SIGNATURE_TYPES } from './note-key.ts';

const TIME_BYTES = 8;
const SIGNATURE_BYTES = TIME_BYTES + 64;

/** What a witness signs: `cosignature/v1`, the time and the whole checkpoint text (C2SP tlog-cosignature). */
function cosignedText(text: string, unixSeconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${unixSeconds}\n${text}`);
}

/**
 * A witness's signer (type 0x04). Its signature says that at `nowSeconds()` (Unix time) this was the largest consistent tree the
 * witness had seen. Throws CONFIG_INVALID when the key is of another type.
 */
export function cosigner(signerKey: string, nowSeconds: () => number = () => Math.floor(Date.now() / 1000)): NoteSigner {
  const { name, id, type, key } = parseSignerKey(signerKey);
  if (type !== SIGNATURE_TYPES.cosignature) throw new ImprimaturError('CONFIG_INVALID', { detail: `key ${name} is not a witness's key` });
  return {
    name,
    keyId: id,
    sign: (text) => {
      const unixSeconds = BigInt(nowSeconds());
      const time = Buffer.alloc(TIME_BYTES);
      time.writeBigUInt64BE(unixSeconds);
      return Buffer.concat([time, sign(null, cosignedText(text, unixSeconds), key)]);
    },
  };
}

/** Verifies a witness's cosignatures (type 0x04). Throws CONFIG_INVALID when the key is of another type. */
export function cosignatureVerifier(verifierKey: string): NoteVerifier {
  const { name, id, type, key } = parseVerifierKey(verifierKey);
  if (type !== SIGNATURE_TYPES.cosignature) throw new ImprimaturError('CONFIG_INVALID', { detail: `key ${name} is not a witness's key` });
  return {
    name,
    keyId: id,
    verify: (text, signature) => {
      const seconds = cosignatureSeconds(signature);
      return seconds !== null && verify(null, cosignedText(text, seconds), key, signature.subarray(TIME_BYTES));
    },
  };
}

/** When a cosignature was made, in Unix seconds; null when it is not 72 bytes or its time is beyond 2^63 - 1. */
export function cosignatureSeconds(signature: Uint8Array): bigint | null {
  if (signature.length !== SIGNATURE_BYTES) return null;
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return seconds < 2n ** 63n ? seconds : null;
}

/** The verifier that the key's type asks for: a log's (0x01) or a witness's (0x04). Throws CONFIG_INVALID on any other. */
export function anyVerifier(verifierKey: string): NoteVerifier {
  return parseVerifierKey(verifierKey).type === SIGNATURE_TYPES.cosignature ? cosignatureVerifier(verifierKey) : noteVerifier(verifierKey);
}
