import type { TextSpan } from '../../contracts/finding.ts';
import type { PromptReading } from '../reading/prompt-reading.ts';
import { termsAt } from '../rules/term-trie.ts';
import { sequenceOf } from '../rules/word-sequence.ts';
import type { Gazetteer } from './gazetteer.ts';
import type { PackEntry } from './pack.ts';

/** A name that the user wrote, or a word of context. */
export interface Mention {
  readonly kind: PackEntry['kind'];
  readonly isWeak: boolean;
  /** Indexes of its first and last word among the words of the positive parts. */
  readonly first: number;
  readonly last: number;
  readonly span: TextSpan;
}

const NONE: ReadonlyMap<number, { last: number; isWeak: boolean }> = new Map();

/** Every name and context word in the positive parts, in order; inside a longer name a shorter one of the same kind is not counted. */
export function findMentions({ vocabulary, names, kinds }: Gazetteer, reading: PromptReading): Mention[] {
  const sequence = sequenceOf(reading, 'positive', vocabulary);
  const { ids, starts, ends } = sequence;
  const found: Mention[] = [];
  const reach = new Map<number, number>();
  for (let from = 0; from < ids.length; from++) {
    if (ids[from] === -1) continue;
    let longest: Map<number, { last: number; isWeak: boolean }> | undefined;
    termsAt(names, sequence, from, ({ rule, part }, last) => {
      longest ??= new Map();
      const earlier = longest.get(rule);
      // Of two entries with the same words the one that needs no context counts.
      if (earlier === undefined || last > earlier.last || part === 0) longest.set(rule, { last, isWeak: part === 1 });
    });
    for (const [rule, { last, isWeak }] of longest ?? NONE) {
      const kind = kinds[rule];
      if (kind === undefined || (reach.get(rule) ?? -1) >= last) continue;
      reach.set(rule, last);
      found.push({ kind, isWeak, first: from, last, span: { start: starts[from] ?? 0, end: ends[last] ?? 0 } });
    }
  }
  return found;
}
