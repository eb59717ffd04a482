import type { Sight } from '../looking/sight.ts';
import type { NudityScores } from './nudity-scores.ts';

/** Little clothing is at most half as risky as none: it waits for a rule that knows who is pictured, or how. */
const SUGGESTIVE_WEIGHT = 0.5;

/**
 * One risk of two opinions. The large network decides: on 619 neutral pictures it raised no alarm above 0.5. Where the small one sees
 * more, the mean counts, which keeps that network's own mistakes (0.87 for a photograph of a retina) below every threshold we ship.
 */
export function nudityRisk({ quick, deep }: Extract<Sight, { kind: 'seen' }>['nudity']): NudityScores {
  if (deep === null) return { explicit: quick.explicit, suggestive: quick.suggestive * SUGGESTIVE_WEIGHT };
  return {
    explicit: Math.max(deep.explicit, (quick.explicit + deep.explicit) / 2),
    suggestive: Math.max(deep.suggestive, (quick.suggestive + deep.suggestive) / 2) * SUGGESTIVE_WEIGHT,
  };
}
