/**
 * Decodes standard base64 (RFC 4648 §4), or null. Refuses what would not encode back to the same text: Node ignores stray
 * characters and trailing bits, which would let a signed note be changed without breaking its signature.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
