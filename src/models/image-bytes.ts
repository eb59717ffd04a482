import type { ImageFormat } from '../contracts/submission.ts';

/**
 * The format that the first bytes claim, or null when they are none that we handle. Says nothing about whether the
 * rest is sound: that is for the detectors' decoder, in its own process.
 */
export function sniffImage(bytes: Uint8Array): ImageFormat | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('ftypavif', 4)) return 'avif';
  return isSvg(head) ? 'svg' : null;
}

/** An `<svg>` element, possibly after a byte order mark, an XML declaration, a doctype or comments; HTML is not one. */
function isSvg(head: string): boolean {
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  return /^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/i.test(text);
}

/**
 * Base64 (or a base64 data URL) as bytes; null when it is empty or anything else stands in it. `Buffer.from` alone
 * would skip what it cannot read and so turn an error text into a few bytes; comparing lengths finds that without a
 * second pass over the text.
 */
export function decodeBase64(text: string): Buffer | null {
  const payload = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  const length = decodedLength(payload);
  const bytes = length === null ? null : Buffer.from(payload, 'base64');
  return bytes?.byteLength === length ? bytes : null;
}

/** How many bytes so many digits and padding stand for; null where no base64 has that length. */
function decodedLength(payload: string): number | null {
  const padding = payload.endsWith('==') ? 2 : Number(payload.endsWith('='));
  const digits = payload.length - padding;
  // Four digits are three bytes; a single digit left over is none.
  return digits === 0 || digits % 4 === 1 ? null : Math.floor((digits * 3) / 4);
}

const DATA_SCHEME = Buffer.from('data:');

/** A multiple of four digits; strings of this length stay in V8's young heap, which is emptied without a full collection. */
const SLICE_DIGITS = 64 * 1024;

/** The same for base64 that is bytes already, such as a part of a JSON document, without making one long string of it. */
export function decodeBase64Text(text: Buffer): Buffer | null {
  if (text.length <= SLICE_DIGITS || text.subarray(0, 5).equals(DATA_SCHEME)) return decodeBase64(text.toString('latin1'));
  const bytes = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4));
  let at = 0;
  for (let from = 0; from < text.length; from += SLICE_DIGITS) {
    const slice = text.toString('latin1', from, Math.min(from + SLICE_DIGITS, text.length));
    const written = bytes.write(slice, at, 'base64');
    const isLast = from + SLICE_DIGITS >= text.length;
    // Padding, or a character that is none of the alphabet, anywhere but at the end gives fewer bytes.
    if (isLast ? written !== (decodedLength(slice) ?? -1) : written !== (SLICE_DIGITS * 3) / 4) return null;
    at += written;
  }
  return bytes.subarray(0, at);
}

/** `image/png` and so on; `application/octet-stream` when the bytes are no format we know. */
export function mediaType(bytes: Uint8Array): string {
  const format = sniffImage(bytes);
  if (format === null) return 'application/octet-stream';
  return format === 'svg' ? 'image/svg+xml' : `image/${format}`;
}

/** A data URL, for APIs that take pictures inside JSON. */
export function dataUrl(bytes: Uint8Array): string {
  return `data:${mediaType(bytes)};base64,${base64(bytes)}`;
}

/** Base64 without copying the bytes first. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
