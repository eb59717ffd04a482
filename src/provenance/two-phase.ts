import { crc32 } from 'node:zlib';
import { openActiveManifest } from './active-manifest.ts';
import { credentialPlace } from './credential-place.ts';
import type { CredentialFormat } from './image-format.ts';
import type { ByteString } from './manifest.ts';

/** Signs claim bytes somewhere else and gives the finished COSE_Sign1 of exactly the reserved size. */
export type SignClaim = (claim: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>;

interface SecondPhase {
  readonly format: CredentialFormat;
  readonly byteStrings: readonly ByteString[];
  /** Our own hash over the file, when what the engine has hashed was a stand-in. */
  readonly dataHash?: { readonly before: Uint8Array; readonly after: Uint8Array };
  readonly signClaim: SignClaim;
}

/**
 * The second phase of signing: c2pa-rs has laid out the file with an empty signature; here marked text becomes CBOR byte strings
 * (c2pa-rs cannot write any from JSON, contentauth/c2pa-rs#2689), the claim is brought up to date, signed, and the signature put into
 * its place. Nothing moves, so the hash over the picture stays as it is. Changes `bytes`.
 * @throws TypeError when the file is not of the layout that the engine makes; whatever `signClaim` rejects with
 */
export async function finishSigning(bytes: Buffer, { format, byteStrings, dataHash, signClaim }: SecondPhase): Promise<void> {
  const place = credentialPlace(bytes, format);
  const store = Buffer.concat(place.map(({ start, end }) => bytes.subarray(start, end)));
  const manifest = openActiveManifest(store);
  for (const byteString of byteStrings) manifest.amend(byteString.assertion, (content) => toByteString(content, byteString));
  if (dataHash !== undefined) manifest.amend('c2pa.hash.data', (content) => overwrite(content, dataHash));
  const { claim, signature } = manifest;
  const cose = await signClaim(new Uint8Array(store.subarray(claim.start, claim.end)));
  if (cose.length !== signature.end - signature.start) throw new TypeError('the signature does not fit its place');
  store.set(cose, signature.start);
  let at = 0;
  for (const { start, end } of place) {
    store.copy(bytes, start, at, at + end - start);
    at += end - start;
  }
  const [chunk] = place;
  if (format === 'png' && chunk !== undefined) bytes.writeUInt32BE(crc32(bytes.subarray(chunk.start - 4, chunk.end)), chunk.end);
}

const MAJOR_TYPE_SHIFT = 5;
const TEXT = 3;
const BYTES = 2;
const LENGTH_MASK = 0x1f;

function headerBytes(length: number): number {
  if (length < 24) return 1;
  if (length < 2 ** 8) return 2;
  return length < 2 ** 16 ? 3 : 5;
}

/** CBOR (RFC 8949 §3.1) writes text and bytes of one length alike but for the major type, so the marker is simply overwritten. */
function toByteString(content: Buffer, { marker, value }: ByteString): void {
  const at = content.indexOf(marker, 0, 'latin1');
  const header = at - headerBytes(value.length);
  const initial = content[header];
  if (at < 0 || initial === undefined || initial >> MAJOR_TYPE_SHIFT !== TEXT || marker.length !== value.length) {
    throw new TypeError('the place of a byte string was not found');
  }
  content[header] = (initial & LENGTH_MASK) | (BYTES << MAJOR_TYPE_SHIFT);
  content.set(value, at);
}

function overwrite(content: Buffer, { before, after }: { readonly before: Uint8Array; readonly after: Uint8Array }): void {
  const at = content.indexOf(before);
  if (at < 0 || before.length !== after.length) throw new TypeError('the hash over the picture was not found');
  content.set(after, at);
}
