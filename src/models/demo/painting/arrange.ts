import type { Brief } from './brief.ts';
import type { Chance } from './random.ts';
import type { Thing } from './things.ts';

const NAMES: Readonly<Record<string, Thing>> = {
  ball: 'ball',
  balls: 'ball',
  sphere: 'ball',
  apple: 'apple',
  apples: 'apple',
  peach: 'apple',
  pear: 'pear',
  pears: 'pear',
  orange: 'orange',
  oranges: 'orange',
  lemon: 'orange',
  lemons: 'orange',
  vase: 'vase',
  jug: 'vase',
  bottle: 'bottle',
  cup: 'bowl',
  bowl: 'bowl',
};
const FRUIT: readonly Thing[] = ['apple', 'pear', 'orange'];

/** Where a thing stands. */
export interface Place {
  readonly thing: Thing;
  /** From the middle, in picture heights. */
  readonly x: number;
  /** 0 at the back of the table – 1 in front. */
  readonly depth: number;
  /** What a bowl holds. */
  readonly fruit: readonly Thing[];
}

/** Back to front. The named thing stands a third from the left; a tall thing behind it balances. A cut-out holds only what is named. */
export function arrange(brief: Brief, cutOut: boolean): Place[] {
  const dice = brief.chance.fork('arrangement');
  const named = namedThings(brief);
  const held = named.includes('bowl') && brief.words.has('fruit') ? FRUIT : [];
  const put = (thing: Thing, x: number, depth: number): Place => ({ thing, x, depth, fruit: thing === 'bowl' ? held : [] });
  if (cutOut && named.length > 0) return row(named.slice(0, 3)).map(({ thing, x, depth }) => put(thing, x, depth));
  const [back, front] = pair(named, dice);
  const places = [
    put(back, held.length > 0 ? dice.between(0.2, 0.26) : dice.between(0.09, 0.15), 0.1),
    put(front, dice.between(-0.17, -0.11), 0.5),
  ];
  const plenty = named.length === 0 || (brief.words.has('fruit') && held.length === 0);
  if (plenty) places.push(put(front === 'pear' ? 'apple' : 'pear', dice.between(0.29, 0.34), 0.34));
  const alone = named.length > 0 && held.length === 0;
  if (plenty || !alone || dice.between() < 0.4) places.push(put('orange', dice.between(0.1, 0.16), 0.78));
  return places.toSorted((a, b) => a.depth - b.depth);
}

/** What stands behind, and what stands in front. */
function pair([first, second]: readonly Thing[], dice: Chance): readonly [Thing, Thing] {
  const one = first ?? dice.pick(['pear', 'apple', 'orange']);
  const other = second ?? (isTall(one) ? dice.pick(['pear', 'orange', 'apple']) : dice.pick(['vase', 'bottle']));
  return isTall(one) && !isTall(other) ? [one, other] : [other, one];
}

function namedThings({ words }: Brief): Thing[] {
  const found = Array.from(words, (word) => (Object.hasOwn(NAMES, word) ? NAMES[word] : undefined));
  return [...new Set(found.filter((thing) => thing !== undefined))];
}

function row(things: readonly Thing[]): { thing: Thing; x: number; depth: number }[] {
  const middle = (things.length - 1) / 2;
  return things.map((thing, index) => ({ thing, x: (index - middle) * 0.3, depth: 0.3 + 0.1 * index }));
}

function isTall(thing: Thing): boolean {
  return thing === 'vase' || thing === 'bottle';
}
