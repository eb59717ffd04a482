import { createCipheriv } from 'node:crypto';
import type { CredentialFormat } from '../src/provenance/image-format.ts';
import type { Provenance } from '../src/provenance/provenance.ts';

export interface FlipResult {
  readonly flips: number;
  /** Where in the file a changed byte left it trusted, and what stood around it. */
  readonly trustedAt: readonly { readonly at: number; readonly around: string }[];
}

/** Changes one byte of a signed file at a time, at places and to values that are random but the same every time. */
export async function survivingFlips(
  provenance: Pick<Provenance, 'verify'>,
  signed: Uint8Array,
  { format, flips }: { readonly format: CredentialFormat; readonly flips: number },
): Promise<FlipResult> {
  const random = createCipheriv('aes-128-ctr', Buffer.from(`flips of ${format}`.padEnd(16).slice(0, 16)), Buffer.alloc(16)).update(
    Buffer.alloc(8 * flips),
  );
  const trustedAt: FlipResult['trustedAt'][number][] = [];
  for (let i = 0; i < flips; i++) {
    const at = random.readUInt32BE(8 * i) % signed.length;
    const bytes = Buffer.from(signed);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + (random.readUInt32BE(8 * i + 4) % 255)), at);
    const { state } = await provenance.verify(bytes, format);
    if (state === 'trusted') trustedAt.push({ at, around: bytes.toString('hex', Math.max(0, at - 12), at + 4) });
  }
  return { flips, trustedAt };
}
