import { createHash } from 'node:crypto';

const digest = (i: number) => createHash('sha256').update(`bench ${i}`).digest('hex');

/** A list of `count` exact hashes that match nothing. */
export function sha256List(count: number): string {
  return Array.from({ length: count }, (_, i) => `sha256,${digest(i)}\n`).join('');
}

/** A list of `count` perceptual hashes; with 256 random bits none is near a picture. */
export function pdqList(count: number): string {
  return Array.from({ length: count }, (_, i) => `pdq,${digest(i)}\n`).join('');
}
