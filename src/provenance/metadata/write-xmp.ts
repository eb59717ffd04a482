import type { CredentialFormat } from '../image-format.ts';
import { withXmpInAvif } from './xmp-in-avif.ts';
import { withXmpInGif } from './xmp-in-gif.ts';
import { withXmpInJpeg } from './xmp-in-jpeg.ts';
import { withXmpInMp4 } from './xmp-in-mp4.ts';
import { withXmpInPng } from './xmp-in-png.ts';
import { withXmpInWebp } from './xmp-in-webp.ts';

const WRITERS: Readonly<Record<CredentialFormat, (file: Buffer, xmp: Buffer) => Buffer>> = {
  png: withXmpInPng,
  jpeg: withXmpInJpeg,
  webp: withXmpInWebp,
  gif: withXmpInGif,
  avif: withXmpInAvif,
  mp4: withXmpInMp4,
};

/** The largest packet that every format can carry whole. */
const MAX_XMP_BYTES = 60_000;

/**
 * The file with this XMP packet in place of all metadata that it had (XMP specification part 3, 2020; AVIF as HEIF, ISO 23008-12 Annex A.3):
 * models write their prompts into text chunks, comments and Exif. What changes how the picture is shown stays: colors, transparency,
 * animation, and which way is up. An MP4 keeps its other boxes. Nothing is decoded: every byte that codes pixels stays as it was. Do this
 * before signing, since a credential covers the packet; a credential that the file had goes with the rest, so hand it down as ingredient.
 * @throws TypeError when the container cannot be followed, RangeError when the packet is too long
 */
export function writeXmp(file: Uint8Array, format: CredentialFormat, xmp: string): Uint8Array {
  const packet = Buffer.from(xmp);
  if (packet.length > MAX_XMP_BYTES) throw new RangeError('the XMP packet is too long');
  return WRITERS[format](Buffer.from(file.buffer, file.byteOffset, file.byteLength), packet);
}
