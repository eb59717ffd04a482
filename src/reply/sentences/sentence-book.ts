import type { Category } from '../../contracts/category.ts';

/** What an end user may be told about a category: enough to choose other words, never which word, rule or score it was. */
export interface SentenceBook {
  /** `{topic}` stands for one of `topics`. */
  readonly refused: string;
  readonly held: string;
  readonly rephrase: string;
  readonly topics: Readonly<Record<Category, string>>;
}
