import type { Signal } from '../../contracts/finding.ts';

/** What several turns say when they are read as one text. */
interface Joined {
  /** Canonical: one space between words. */
  readonly whole: string;
  /** The part of it that the present turn says. */
  readonly payload: string;
  readonly signal: Signal;
  /** How much more it says than the loudest of the turns alone. */
  readonly gain: number;
}

/** Words of a whole that one prompt could well be; what people stage is cut from one. */
const SHORT_WHOLE = 40;
/** Words of a turn that could well be an instruction about the picture so far. */
const SHORT_TURN = 12;
/** Words between the first and the last place that a signal points at, where full prompts stand side by side. */
const REACH = 20;
const MARGIN_SHORT = 0.3;
const MARGIN_LONG = 0.6;

/**
 * Whether what turns say together is more than that two full prompts, one about a school and one about a nightclub, stand
 * side by side in one text. A short whole must say 0.3 more than its parts. A long one must say 0.6 more; and where the
 * present turn is a full prompt too, the words must stand near each other. A turn that is short may be an edit of
 * everything before it, however far away. Measured on development rows (`bench/prompts/sessions.ts`), tuned on
 * one half: one margin of 0.35 stopped 4.0 % of ten-turn sessions of real users of the other half, this 1.0 %, and no fewer
 * staged prompts are found.
 */
export function belongsTogether({ whole, payload, signal, gain }: Joined): boolean {
  if (wordsIn(whole) <= SHORT_WHOLE) return gain >= MARGIN_SHORT;
  return gain >= MARGIN_LONG && (wordsIn(payload) <= SHORT_TURN || reachOf(signal, whole) <= REACH);
}

/** Words that the places of a signal span; 0 when it names none, since then nobody knows that they are far apart. */
function reachOf({ spans = [] }: Signal, whole: string): number {
  if (spans.length === 0) return 0;
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  return wordsIn(whole.slice(start, end));
}

function wordsIn(text: string): number {
  let words = 1;
  for (let at = text.indexOf(' '); at !== -1; at = text.indexOf(' ', at + 1)) words += 1;
  return words;
}
