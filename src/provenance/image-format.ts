/** The picture formats that can carry a content credential here. SVG cannot: its bytes are not fixed by a container. */
export const PICTURE_FORMATS = ['png', 'jpeg', 'webp', 'gif', 'avif'] as const;
/** Those, and the one for video. */
export const CREDENTIAL_FORMATS = [...PICTURE_FORMATS, 'mp4'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];
export type CredentialFormat = (typeof CREDENTIAL_FORMATS)[number];
export function isCredentialFormat(format: string): format is CredentialFormat {
  return CREDENTIAL_FORMATS.some((one) => one === format);
}

/** What a credential can be read from: a file, or a manifest store by itself (C2PA 2.4 §11.4). */
export type CredentialSource = CredentialFormat | 'manifest-store';

/** The media type that c2pa-rs chooses its container reader by. */
export function mediaTypeOf(format: CredentialSource): string {
  if (format === 'manifest-store') return 'application/c2pa';
  return format === 'mp4' ? 'video/mp4' : `image/${format}`;
}

const SIGNATURES: readonly { readonly format: CredentialFormat; readonly at: number; readonly bytes: string }[] = [
  { format: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { format: 'jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { format: 'webp', at: 8, bytes: 'WEBP' },
  { format: 'gif', at: 0, bytes: 'GIF8' },
  { format: 'avif', at: 4, bytes: 'ftypavif' },
  { format: 'avif', at: 4, bytes: 'ftypavis' },
  ...['isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'dash', 'M4V '].map(
    (brand) => ({ format: 'mp4', at: 4, bytes: `ftyp${brand}` }) as const,
  ),
];

/** The format by the file's first bytes, or null. What a file is called says nothing. */
export function sniffFormat(bytes: Uint8Array): CredentialFormat | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16)).toString('latin1');
  return SIGNATURES.find(({ at, bytes: magic }) => start.startsWith(magic, at))?.format ?? null;
}
