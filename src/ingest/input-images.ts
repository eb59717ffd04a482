import { createHash } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import type { InputImage } from '../contracts/submission.ts';

/** A file of a form, or the bytes of a data URL. */
export interface UploadedImage {
  readonly role: InputImage['role'];
  readonly bytes: Uint8Array;
}

/** Numbers and hashes the images of a request, in the order in which they came. */
export function toInputImages(uploads: readonly UploadedImage[]): readonly InputImage[] {
  return uploads.map(({ role, bytes }, index) => ({ index, role, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }));
}

interface Reference {
  readonly image_url?: string | undefined;
  readonly file_id?: string | undefined;
}

/**
 * The images of a JSON edit. Only data URLs: a remote address could give the model another picture than the one that
 * was checked, and a file id belongs to an account that is not ours.
 * @throws ImprimaturError REQUEST_INVALID, REQUEST_TOO_LARGE
 */
export function fromDataUrls(images: readonly Reference[], mask: Reference | null | undefined, maxBytes: number): readonly UploadedImage[] {
  const uploads: UploadedImage[] = images.map((image, i) => ({ role: 'image', bytes: decode(image, `images[${i}]`, maxBytes) }));
  return mask ? [...uploads, { role: 'mask', bytes: decode(mask, 'mask', maxBytes) }] : uploads;
}

function decode({ image_url: url }: Reference, param: string, maxBytes: number): Uint8Array {
  const match = url === undefined ? null : /^data:image\/[a-z0-9.+-]+;base64,/i.exec(url.slice(0, 100));
  if (url === undefined || match === null) {
    throw new ImprimaturError('REQUEST_INVALID', {
      hint: 'Send the picture as a data URL (data:image/png;base64,…) or as a file of a form.',
      param,
    });
  }
  if ((url.length - match[0].length) * 0.75 > maxBytes) throw tooLarge(param, maxBytes);
  const encoded = url.slice(match[0].length);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded))
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'The data URL is not valid base64.', param });
  return Buffer.from(encoded, 'base64');
}

export function tooLarge(param: string, maxBytes: number): ImprimaturError {
  return new ImprimaturError('REQUEST_TOO_LARGE', { hint: `A picture may have at most ${maxBytes} bytes.`, param });
}
