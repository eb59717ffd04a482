/** Text as it stands, or bytes that go out as base64. */
export type Piece = string | Uint8Array;

/** A multiple of three, so that pieces need no padding; its 64 KiB of base64 stay below what V8 keeps outside of its young heap. */
const SLICE_BYTES = 48 * 1024;

/**
 * The pieces as one buffer, the only large thing that is allocated here: V8 answers every 64 MB of buffers and long strings
 * with a full collection (20 ms), so going over a string and a buffer for each picture cost more than encoding it (measured).
 */
export function assemble(pieces: readonly Piece[]): Buffer {
  const size = pieces.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : 4 * Math.ceil(piece.length / 3)),
    0,
  );
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (const piece of pieces) at += typeof piece === 'string' ? out.write(piece, at, 'utf8') : writeBase64(piece, out, at);
  return out;
}

/** Its alphabet needs no escaping in JSON. @returns bytes written */
function writeBase64(bytes: Uint8Array, out: Buffer, start: number): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (let from = 0; from < view.length; from += SLICE_BYTES) {
    at += out.write(view.toString('base64', from, Math.min(from + SLICE_BYTES, view.length)), at, 'latin1');
  }
  return at - start;
}
