import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { CheckParts } from '../check-parts.ts';
import { NETWORKS } from '../networks/network-files.ts';
import { FLAGGED_FROM } from './edit-comparison.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(25_000) });

/** What is not flagged stays below every rule about undressing. */
const UNFLAGGED_WEIGHT = 0.25;

/** Did this edit take somebody's clothes? Compares each picture that came in with what the model made of it; see `createEditComparer`. */
export function createEditAnomalyCheck({ compareEdit }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'edit-anomaly',
    version: `1+${NETWORKS['face-descriptor'].sha256.slice(0, 8)}+${NETWORKS['nudity-deep'].sha256.slice(0, 8)}`,
    looksAt: ['artifact'],
    categories: ['ncii_undress'],
    deadlineMs,
    async detect({ image, sources = [] }, signal) {
      if (image === undefined) throw new TypeError('edit-anomaly needs an image');
      const scores: number[] = [];
      for (const source of sources) {
        const answer = await compareEdit(source, image, signal);
        if (answer.kind === 'unreadable') return { kind: 'abstained', reason: `unreadable:${answer.which}` };
        scores.push(answer.score);
      }
      const score = Math.max(0, ...scores);
      if (score === 0) return { kind: 'signals', signals: [] };
      const flagged = score >= FLAGGED_FROM;
      const reason = flagged ? 'edit:bared' : 'edit:changed';
      return { kind: 'signals', signals: [{ category: 'ncii_undress', score: flagged ? score : score * UNFLAGGED_WEIGHT, reason }] };
    },
  };
}
