import { likeness, RARE } from './rare-words.ts';
import { isHiding, isRepeat, passedAgain, TOPICS, type Topic, weightOf } from './topic.ts';
import { SIGNATURE_WORDS } from './word-signature.ts';

/** A prompt as topics are compared with it. */
export interface Said {
  /** Its words but those of style, as hashes. */
  readonly telling: ReadonlySet<number>;
  /** Of all its words. */
  readonly signature: Uint32Array;
}

/** When it was said, and when this account was last heard of. */
interface Moment {
  readonly atMs: number;
  readonly lastMs: number;
}

/** Who hides something tries again soon; who has a habit of style is refused again some day. */
const SOON_MS = 30 * 60_000;

/** Which topic a prompt comes back to, and whether it is the very same prompt. */
export interface Return {
  readonly index: number;
  readonly isRepeat: boolean;
  readonly isHiding: boolean;
  readonly isSoon: boolean;
}

/** Null: none. */
export function returnTo(
  topics: readonly Topic[],
  { telling, signature }: Said,
  { bitsOf, atMs, lastMs }: Moment & { readonly bitsOf: (word: number) => number },
): Return | null {
  let [index, most, all] = [-1, 0, 0];
  for (const word of telling) all += bitsOf(word);
  for (const [i, topic] of topics.entries()) {
    const bits = topic.refused > 0 ? likeness(topic.words, telling, { all, bitsOf }) : 0;
    if (bits > most) [index, most] = [i, bits];
  }
  const topic = topics[index];
  if (topic !== undefined)
    return { index, isRepeat: isRepeat(topic, signature), isHiding: isHiding(topic, telling), isSoon: atMs - lastMs <= SOON_MS };
  const same = topics.findIndex((one) => one.refused > 0 && isRepeat(one, signature));
  return same < 0 ? null : { index: same, isRepeat: true, isHiding: false, isSoon: true };
}

/** The topics after one of them was let through in other words. */
export function withPassed(topics: readonly Topic[], back: Return): readonly Topic[] {
  return back.isRepeat ? topics : topics.map((topic, i) => (i === back.index ? passedAgain(topic, back.isHiding) : topic));
}

/** The topics after a refusal: the one that came back, or a new one in place of the one with least against it. @param words those that stand for the prompt */
export function withRefused(
  topics: readonly Topic[],
  back: Return | null,
  { words, signature }: { readonly words: readonly number[]; readonly signature: Uint32Array },
): readonly Topic[] {
  const index = back?.index ?? weakest(topics);
  return topics.map((topic, i) => {
    if (i !== index) return topic;
    const now = { words: padded(words), signature };
    if (back === null) return { ...now, refused: 1, passed: 0, hidden: 0 };
    return { ...now, refused: topic.refused + 1, passed: topic.passed, hidden: topic.hidden + Number(back.isHiding && back.isSoon) };
  });
}

/** What two processes know of one account: of each topic the higher counts; of those that only the other knows, what finds a place. */
export function merged(ours: readonly Topic[], theirs: readonly Topic[]): readonly Topic[] {
  let all = [...ours];
  for (const topic of theirs) {
    const known = all.findIndex((one) => one.refused > 0 && (isRepeat(one, topic.signature) || shareMost(one.words, topic.words)));
    const at = known < 0 ? weakest(all) : known;
    const own = all[at];
    if (own === undefined || (known < 0 && own.refused > 0 && weightOf(own) >= weightOf(topic))) continue;
    const higher = (count: 'refused' | 'passed' | 'hidden') => (known < 0 ? topic[count] : Math.max(own[count], topic[count]));
    const newer = known >= 0 && own.refused >= topic.refused ? own : topic;
    const one = { words: padded([...newer.words]), signature: newer.signature.slice() };
    all = all.map((other, i) =>
      i === at ? { ...one, refused: higher('refused'), passed: higher('passed'), hidden: higher('hidden') } : other,
    );
  }
  return all;
}

/** What a row in the database has of a topic: counts in thousandths, the signature, the words. */
const COUNTS = 3;
const NUMBERS = COUNTS + SIGNATURE_WORDS + RARE;

export function packTopics(topics: readonly Topic[]): readonly number[] {
  return topics.flatMap(({ refused, passed, hidden, signature, words }) => [
    ...[refused, passed, hidden].map((count) => Math.round(count * 1000)),
    ...signature,
    ...padded([...words]),
  ]);
}

/** None where they were written in another form. */
export function unpackTopics(numbers: readonly number[]): readonly Topic[] {
  if (numbers.length % NUMBERS !== 0) return [];
  return Array.from({ length: Math.min(TOPICS, numbers.length / NUMBERS) }, (_, i) => {
    const [refused = 0, passed = 0, hidden = 0, ...rest] = numbers.slice(i * NUMBERS, (i + 1) * NUMBERS);
    return {
      ...{ refused: refused / 1000, passed: passed / 1000, hidden: hidden / 1000 },
      signature: Uint32Array.from(rest.slice(0, SIGNATURE_WORDS)),
      words: Uint32Array.from(rest.slice(SIGNATURE_WORDS)),
    };
  });
}

function weakest(topics: readonly Topic[]): number {
  let [index, least] = [0, Number.POSITIVE_INFINITY];
  for (const [i, topic] of topics.entries()) {
    const weight = topic.refused === 0 ? -1 : weightOf(topic) + topic.refused / 100;
    if (weight < least) [index, least] = [i, weight];
  }
  return index;
}

function shareMost(a: Uint32Array, b: Uint32Array): boolean {
  const theirs = new Set(b.filter((word) => word !== 0));
  const own = a.filter((word) => word !== 0);
  const shared = own.filter((word) => theirs.has(word)).length;
  return shared >= 3 && shared * 2 >= Math.min(own.length, theirs.size);
}

function padded(words: readonly number[]): Uint32Array {
  const row = new Uint32Array(RARE);
  row.set(words.slice(0, RARE));
  return row;
}
