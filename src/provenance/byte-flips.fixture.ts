import { createCipheriv } from 'node:crypto';

export interface FlipResult {
  readonly flips: number;
  /** Where in the file a changed byte made no difference, and what stood around it. */
  readonly survived: readonly { readonly at: number; readonly around: string }[];
}

/**
 * Changes one byte of a file at a time, at places and to values that are random but the same every time.
 * @param survives whether the changed file is still taken for what it was
 */
export async function survivingFlips(
  file: Uint8Array,
  { seed, flips }: { readonly seed: string; readonly flips: number },
  survives: (changed: Buffer, at: number) => Promise<boolean>,
): Promise<FlipResult> {
  const key = Buffer.from(`flips of ${seed}`.padEnd(16).slice(0, 16));
  const random = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(8 * flips));
  const survived: FlipResult['survived'][number][] = [];
  for (let i = 0; i < flips; i++) {
    const at = random.readUInt32BE(8 * i) % file.length;
    const bytes = Buffer.from(file);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + (random.readUInt32BE(8 * i + 4) % 255)), at);
    if (await survives(bytes, at)) survived.push({ at, around: bytes.toString('hex', Math.max(0, at - 12), at + 4) });
  }
  return { flips, survived };
}
