/** Length of a codeword in bits, and how many of them carry the message. */
export const CODE_BITS = 1024;
export const MESSAGE_BITS = 96;

const BETA = 2 ** 0.25;

/**
 * Positions that carry the message, ascending: the most reliable by polarization weight (He, Belfiore et al., "Beta-expansion", 2017,
 * β = 2^¼, as in 5G's construction). All others are frozen to zero.
 */
export const MESSAGE_POSITIONS: readonly number[] = mostReliable();

function mostReliable(): number[] {
  const weight = (position: number) => {
    let sum = 0;
    for (let bit = 0; 2 ** bit < CODE_BITS; bit++) if ((position >> bit) & 1) sum += BETA ** bit;
    return sum;
  };
  const order = Array.from({ length: CODE_BITS }, (_, position) => ({ position, weight: weight(position) }));
  order.sort((a, b) => b.weight - a.weight || b.position - a.position);
  return order
    .slice(0, MESSAGE_BITS)
    .map(({ position }) => position)
    .sort((a, b) => a - b);
}

/** Arıkan's transform over GF(2), in place; its own inverse. One bit a byte, and the length a power of two. */
export function polarTransform(bits: Uint8Array): void {
  for (let half = 1; half < bits.length; half *= 2) {
    for (let start = 0; start < bits.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) bits[i] = (bits[i] ?? 0) ^ (bits[i + half] ?? 0);
    }
  }
}

/** 96 message bits to 1,024 code bits, one a byte. */
export function polarEncode(message: Uint8Array): Uint8Array {
  const bits = new Uint8Array(CODE_BITS);
  for (const [i, position] of MESSAGE_POSITIONS.entries()) bits[position] = message[i] ?? 0;
  polarTransform(bits);
  return bits;
}

/** The message of a codeword. */
export function messageOf(codeword: Uint8Array): Uint8Array {
  const bits = codeword.slice();
  polarTransform(bits);
  return Uint8Array.from(MESSAGE_POSITIONS, (position) => bits[position] ?? 0);
}
