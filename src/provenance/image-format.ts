/** The picture formats that can carry a content credential here. SVG cannot: its bytes are not fixed by a container. */
export const CREDENTIAL_FORMATS = ['png', 'jpeg', 'webp', 'gif', 'avif'] as const;
export type CredentialFormat = (typeof CREDENTIAL_FORMATS)[number];

/** The media type that c2pa-rs chooses its container reader by. */
export function mediaTypeOf(format: CredentialFormat): string {
  return `image/${format}`;
}

const SIGNATURES: readonly { readonly format: CredentialFormat; readonly at: number; readonly bytes: string }[] = [
  { format: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { format: 'jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { format: 'webp', at: 8, bytes: 'WEBP' },
  { format: 'gif', at: 0, bytes: 'GIF8' },
  { format: 'avif', at: 4, bytes: 'ftypavif' },
  { format: 'avif', at: 4, bytes: 'ftypavis' },
];

/** The format by the file's first bytes, or null. What a file is called says nothing. */
export function sniffFormat(bytes: Uint8Array): CredentialFormat | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16)).toString('latin1');
  return SIGNATURES.find(({ at, bytes: magic }) => start.startsWith(magic, at))?.format ?? null;
}
