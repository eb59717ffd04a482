import type { Category } from '../../contracts/category.ts';
import type { HeadScore, PromptClassifier } from '../classifier/prompt-classifier.ts';
import { type FlagFrom, flaggedCategories } from './evaluate-model.ts';
import type { ShadowOutcome, ShadowTally } from './shadow-counts.ts';

interface ShadowParts {
  /** Asked anew for each comparison. */
  readonly flagFrom: () => FlagFrom;
  readonly tally: Pick<ShadowTally, 'add'>;
  readonly onShadow: (category: Category, outcome: ShadowOutcome) => void;
}

/** A challenger beside the champion: it sees the same words, later and unheard. */
export interface Shadow {
  follow(challenger: { readonly id: string; readonly classifier: Pick<PromptClassifier, 'score' | 'categories'> } | null): void;
  /** Compares with what the champion said, after the answer is on its way. Costs the caller nothing and never throws. */
  compare(words: readonly string[], scores: readonly HeadScore[], champion: string): void;
}

/** A busy gateway samples: comparisons beyond these are left out. */
const MOST_WAITING = 64;
const MOST_WORDS = 2_000;

export function createShadow({ flagFrom, tally, onShadow }: ShadowParts): Shadow {
  let challenger: Parameters<Shadow['follow']>[0] = null;
  let waiting = 0;

  function count(words: readonly string[], scores: readonly HeadScore[], champion: string): void {
    if (challenger === null) return;
    const { id, classifier } = challenger;
    const from = flagFrom();
    const before = flaggedCategories({ score: () => [...scores] }, words, from);
    const after = flaggedCategories(classifier, words, from);
    for (const category of new Set([...scores.map((one) => one.category), ...classifier.categories])) {
      const outcome = outcomeOf(before.has(category), after.has(category));
      tally.add({ modelId: id, champion }, category, outcome);
      onShadow(category, outcome);
    }
  }

  return {
    follow(next) {
      challenger = next;
    },
    compare(words, scores, champion) {
      if (challenger === null || waiting >= MOST_WAITING || words.length > MOST_WORDS) return;
      waiting += 1;
      setImmediate(() => {
        waiting -= 1;
        try {
          count(words, scores, champion);
        } catch {
          // A challenger that breaks on a prompt has no part in traffic any more; its counts stop, which shows it.
          challenger = null;
        }
      });
    },
  };
}

function outcomeOf(before: boolean, after: boolean): ShadowOutcome {
  if (before) return after ? 'both_flag' : 'champion_only';
  return after ? 'challenger_only' : 'neither';
}
