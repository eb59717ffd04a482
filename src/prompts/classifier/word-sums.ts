import { pairBucket } from './features.ts';
import { HASH_SEED } from './hash-text.ts';
import type { PromptModel } from './prompt-model.ts';
import type { WordCard } from './word-cards.ts';

/** The words of one text as their weights, in arrays that are used again for the next text. */
export interface WordSums {
  words: number;
  /** `hashes[i]`: the hash of word i. */
  hashes: Uint32Array;
  /** `ends[i]`: the features of words 0 to i. */
  ends: Uint32Array;
  /** `sums[(i + 1) * heads + h]`: the weights of words 0 to i for head h, in int8 steps. */
  sums: Int32Array;
}

const ROOM = 1_024;
/** Arrays for longer texts are not kept. */
const MOST_KEPT = 8_192;

/** Adds up the weights of a text, word by word. What it returns holds until the next call. */
export function createWordSums({ header, weights }: PromptModel): (cards: readonly WordCard[]) => WordSums {
  const heads = header.heads.length;
  const roomFor = (words: number): WordSums => ({
    words,
    hashes: new Uint32Array(words),
    ends: new Uint32Array(words),
    sums: new Int32Array((words + 1) * heads),
  });
  let kept = roomFor(ROOM);

  return (cards) => {
    const into = cards.length > kept.hashes.length ? roomFor(cards.length * 2) : kept;
    if (into.hashes.length <= MOST_KEPT) kept = into;
    const { hashes, ends, sums } = into;
    into.words = cards.length;
    let before = HASH_SEED;
    let features = 0;
    for (let word = 0; word < cards.length; word++) {
      const card = cards[word];
      if (card === undefined) break;
      features += card.features + 1;
      const pair = pairBucket(before, card.hash, header.bucketBits) * heads;
      const base = word * heads;
      const own = card.sums;
      for (let head = 0; head < heads; head++)
        sums[base + heads + head] = (sums[base + head] ?? 0) + (own[head] ?? 0) + (weights[pair + head] ?? 0);
      hashes[word] = card.hash;
      ends[word] = features;
      before = card.hash;
    }
    return into;
  };
}
