import { CountSketch } from './count-sketch.ts';

/** Cells are two of each: singles collide now and then, and nothing depends on one. */
const DEPTH = 2;
/** All counts become half of what they were within so many triples: three for each ten cells, so that they stay apart. */
const FADES_EVERY = 2 ** 22;
/** Published so much more often than refused, words are how somebody, or everybody, says things. */
const STYLE = 6;
/** A refusal outweighs so many passes: what is refused more than once in four times is no style. */
const PASSES_PER_REFUSAL = 3;
/** Words of a template are refused two times in five or more; what people speak of today is mostly let through. */
const PASSES_OF_TEMPLATE = 1.5;

interface ReadPrompt {
  /** The words that are not style: no three in a row that they stand in are mostly published. */
  readonly telling: ReadonlySet<number>;
  /** The triples that are refused so often that a template of forbidden things may have them. */
  readonly suspicious: readonly number[];
}

/** How often every three words in a row were published and refused lately, whoever said them; 42 MB. */
export class TripleFates {
  private readonly published = new CountSketch(2 ** 22, DEPTH);
  private readonly refused = new CountSketch(2 ** 20, DEPTH);

  /** What became of a prompt with these triples. */
  add(triples: readonly number[], isRefused: boolean): void {
    const counts = isRefused ? this.refused : this.published;
    for (const triple of triples) counts.add(triple);
    const share = triples.length / FADES_EVERY;
    this.published.fade(share);
    this.refused.fade(share);
  }

  /** What a prompt says, as far as it tells. @param words all of its words, in order @param triples theirs, in order */
  read(words: readonly number[], triples: readonly number[]): ReadPrompt {
    const telling = new Set(words);
    const suspicious: number[] = [];
    for (const [i, triple] of triples.entries()) {
      const published = this.published.count(triple);
      const refused = this.refused.count(triple);
      if (published <= 1 + PASSES_OF_TEMPLATE * refused) suspicious.push(triple);
      if (published < STYLE + PASSES_PER_REFUSAL * refused) continue;
      for (let at = i; at < i + 3; at++) telling.delete(words[at] ?? 0);
    }
    return { telling, suspicious };
  }

  get bytes(): number {
    return this.published.bytes + this.refused.bytes;
  }
}
