import { pick } from '../random.ts';
import { CASE_TRICKS } from './case.ts';
import { FANCY_TRICKS } from './fancy-letters.ts';
import { INVISIBLE_TRICKS } from './invisible.ts';
import { LEET_TRICKS } from './leet.ts';
import { LOOK_ALIKE_TRICKS } from './look-alikes.ts';
import { MARK_TRICKS } from './marks.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';
import { SEPARATOR_TRICKS } from './separators.ts';

/** Letters first, then what stands on and between them: an order in which no trick spoils the one before. */
const LAYERS = [
  [...LEET_TRICKS, ...LOOK_ALIKE_TRICKS, ...FANCY_TRICKS],
  [...MARK_TRICKS, ...INVISIBLE_TRICKS],
  [...SEPARATOR_TRICKS, ...CASE_TRICKS],
] as const;

/** Several reversible tricks on top of each other, chosen by chance: what an attacker tries after each has failed alone. */
const stack = (depth: 2 | 3, turn: number): LetterTrick => ({
  name: `stack-${depth}-${turn}`,
  apply: (text, random) =>
    LAYERS.slice(0, depth).reduce(
      (sofar, [first, ...others]) => (first === undefined ? sofar : pick([first, ...others], random).apply(sofar, random)),
      text,
    ),
});

export const STACKED = overTextAndMarker(
  'stacked',
  [2, 3].flatMap((depth) => [1, 2, 3].map((turn) => stack(depth === 2 ? 2 : 3, turn))),
);
