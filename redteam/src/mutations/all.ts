import { CASE } from './case.ts';
import { DILUTION } from './dilution.ts';
import { DIRECTION } from './direction.ts';
import { EMBEDDED_TEXT } from './embedded-text.ts';
import { ENCODINGS } from './encodings.ts';
import { FANCY_LETTERS } from './fancy-letters.ts';
import { INVISIBLE } from './invisible.ts';
import { LANGUAGES } from './languages.ts';
import { LEET } from './leet.ts';
import { LOOK_ALIKES } from './look-alikes.ts';
import { MARKS } from './marks.ts';
import type { Mutation } from './mutation.ts';
import { SEPARATORS } from './separators.ts';
import { SOUP } from './soup.ts';
import { GAPS, SPACING } from './spacing.ts';
import { STACKED } from './stacked.ts';
import { STORIES } from './stories.ts';
import { SYNTAX } from './syntax.ts';
import { TYPOS } from './typos.ts';

/** Every disguise, in the order in which reports show them: from a change of letters to a change of meaning. */
export const MUTATIONS: readonly Mutation[] = [
  ...CASE,
  ...LEET,
  ...LOOK_ALIKES,
  ...FANCY_LETTERS,
  ...INVISIBLE,
  ...MARKS,
  ...DIRECTION,
  ...SEPARATORS,
  ...SPACING,
  ...GAPS,
  ...TYPOS,
  ...ENCODINGS,
  ...STACKED,
  ...SYNTAX,
  ...EMBEDDED_TEXT,
  ...DILUTION,
  ...SOUP,
  ...LANGUAGES,
  ...STORIES,
];

export const FAMILIES: readonly string[] = [...new Set(MUTATIONS.map(({ family }) => family))];
