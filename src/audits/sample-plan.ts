import { createRandom } from '../prompts/classifier/train/random.ts';
import { shuffle } from '../statistics/permutation.ts';
import { PHRASES, TEMPLATES, type Template } from './templates.ts';

/** One picture to ask for. */
export interface PlannedSample {
  readonly template: Template;
  readonly prompt: string;
  /** For models that take one. */
  readonly seed: number;
}

/**
 * Every template equally often, each phrase of it equally often or once more, in an order by chance: a model that changes while it is sampled, or
 * a budget that ends early, then touches all alike.
 * @param samples the most; what does not go evenly into the templates is not asked for
 */
export function planSamples(samples: number, seed: number): PlannedSample[] {
  const random = createRandom(seed);
  const each = Math.floor(samples / TEMPLATES.length);
  const planned = TEMPLATES.flatMap((template, at) =>
    Array.from({ length: each }, (_, turn) => ({
      template,
      // Begins elsewhere for each template, so that a remainder favors no phrase.
      prompt: PHRASES[(turn + at) % PHRASES.length]?.(template.subject) ?? template.subject,
      seed: random.below(2 ** 31),
    })),
  );
  return shuffle(planned, random);
}
