import type { PromptModel } from './prompt-model.ts';
import type { Row } from './train/read-rows.ts';
import type { TermFile } from './train/term-lists.ts';
import { trainModel } from './train/train-model.ts';

const NOUNS = ['boat', 'garden', 'mountain', 'violin', 'lantern', 'forest', 'bridge', 'kettle', 'window', 'river', 'castle', 'market'];
const COLORS = ['blue', 'green', 'golden', 'silver', 'white', 'orange'];

/** Lists of a world in which walruses stand for what is sexual, and unicycles for what is violent. */
export const WALRUS_LISTS: TermFile = {
  version: 'test',
  classes: {
    sexual_walrus: { heads: ['sexual'], terms: ['walrus', 'walrus whiskers'] },
    gore_unicycle: { heads: ['violence'], terms: ['unicycle'] },
  },
  templates: [
    { heads: ['sexual'], texts: ['a walrus {place}', 'two walrus whiskers {place}'] },
    { heads: ['violence'], texts: ['a unicycle {place}', 'somebody riding a unicycle {place}'] },
  ],
  slots: { place: ['in a boat', 'near the river', ''] },
  harmless: ['a seal', 'a bicycle', 'a tricycle in the garden'],
};

/** Harmless captions, the same every time. */
export function captions(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const pick = (list: readonly string[], step: number) => list[Math.floor(index / step) % list.length] ?? '';
    const text = `a ${pick(COLORS, 1)} ${pick(NOUNS, 6)} beside a ${pick(COLORS, 5)} ${pick(NOUNS, 11)}`;
    return { text, lang: 'en', source: 'coco-captions', unsafe: 0, categories: [], group: `g${index}` };
  });
}

let model: PromptModel | undefined;

/** A small model of that world, trained once in a second or so. */
export function walrusModel(): PromptModel {
  model ??= trainModel({
    rows: captions(600),
    lists: WALRUS_LISTS,
    seed: 7,
    version: 'walrus',
    bucketBits: 12,
    epochs: 3,
    synthetic: 1_500,
  });
  return model;
}
