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
  const padding = payload.endsWith('==') ? 2 : Number(payload.endsWith('='));
  const digits = payload.length - padding;
  // Four digits are three bytes; a single digit left over is none.
  if (digits === 0 || digits % 4 === 1) return null;
  const bytes = Buffer.from(payload, 'base64');
  return bytes.byteLength === Math.floor((digits * 3) / 4) ? bytes : null;
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
