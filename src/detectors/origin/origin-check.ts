import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { ReadOrigin } from './read-origin.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(10_000) });

/** How a picture came to be is no risk by itself: a rule of the policy says what follows from it, and no threshold. */
const SCORE = 0.01;

/**
 * Does an input picture say that a model made it, or a camera took it? `origin:generated:…`, `origin:edited:…` and `origin:captured:…`, each with what says so:
 * `metadata`, `watermark`, `credential`, or `trusted-credential` where a signer vouches for it whom this gateway trusts. Everything else can be forged, and silence says nothing.
 */
export function createOriginCheck({ readOrigin }: { readonly readOrigin: ReadOrigin }, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'origin',
    version: '1+evidence',
    looksAt: ['input_image'],
    categories: ['brand_safety'],
    // It tells where a picture comes from, not what it shows.
    coverage: [],
    deadlineMs,
    async detect({ image }) {
      if (image === undefined) throw new TypeError('origin needs an image');
      const evidence = await readOrigin(image);
      if (evidence === undefined) return { kind: 'abstained', reason: 'unreadable' };
      const told = evidence.filter(({ made }) => made !== 'unknown');
      const reasons = new Set(told.map(({ made, basis, isProved }) => `origin:${made}:${isProved ? 'trusted-' : ''}${basis}`));
      return { kind: 'signals', signals: [...reasons].map((reason): Signal => ({ category: 'brand_safety', score: SCORE, reason })) };
    },
  };
}
