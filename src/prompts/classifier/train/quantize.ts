import type { Fitted } from './fitted.ts';

/** int8 weights, and what one step of each head is worth. */
export interface Quantized {
  readonly weights: Int8Array;
  readonly scales: readonly number[];
}

const STEPS = 127;
/** One weight in ten thousand may be cut short, so that the others keep their detail. */
const KEPT_SHARE = 0.9999;

export function quantize({ weights }: Fitted, heads: number): Quantized {
  const scales = Array.from({ length: heads }, (_, head) => scaleOf(weights, head, heads));
  const small = new Int8Array(weights.length);
  for (let at = 0; at < weights.length; at++) {
    const steps = Math.round((weights[at] ?? 0) / (scales[at % heads] ?? 1));
    small[at] = Math.max(-STEPS, Math.min(STEPS, steps));
  }
  return { weights: small, scales };
}

function scaleOf(weights: Float32Array, head: number, heads: number): number {
  const sizes = new Float32Array(weights.length / heads);
  for (let at = 0; at < sizes.length; at++) sizes[at] = Math.abs(weights[at * heads + head] ?? 0);
  sizes.sort();
  return Math.max(1e-6, (sizes[Math.floor(KEPT_SHARE * (sizes.length - 1))] ?? 0) / STEPS);
}
