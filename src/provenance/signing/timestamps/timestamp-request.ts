import { createHash, randomBytes } from 'node:crypto';
import { der, derOid, TAG } from '../der.ts';

export const SHA256_OID = '2.16.840.1.101.3.4.2.1';

export interface TimestampRequest {
  /** TimeStampReq in DER. */
  readonly der: Uint8Array;
  /** SHA-256 of what is to be stamped. */
  readonly imprint: Uint8Array;
  /** Content of the INTEGER, positive and of fixed length. */
  readonly nonce: Uint8Array;
}

const VERSION_1 = der(TAG.integer, Uint8Array.of(1));
const CERT_REQ = der(TAG.boolean, Uint8Array.of(0xff));
const SHA256 = der(TAG.sequence, derOid(SHA256_OID), der(TAG.null));
const NONCE_BYTES = 8;

/** A request (RFC 3161 §2.4.1) for a token over SHA-256 of `message`, with a nonce and with the authority's certificates. */
export function createTimestampRequest(message: Uint8Array): TimestampRequest {
  const imprint = createHash('sha256').update(message).digest();
  const nonce = randomBytes(NONCE_BYTES);
  // From 0x40 to 0x7f: positive, and of the same length each time, so that tokens are, too.
  nonce.writeUInt8((nonce.readUInt8(0) & 0x3f) | 0x40, 0);
  const messageImprint = der(TAG.sequence, SHA256, der(TAG.octetString, imprint));
  return { der: der(TAG.sequence, VERSION_1, messageImprint, der(TAG.integer, nonce), CERT_REQ), imprint, nonce };
}
