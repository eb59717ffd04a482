import type { Category } from '../../contracts/category.ts';
import type { FlagFrom, Scorer } from './evaluate-model.ts';
import type { LearningParts } from './label-store.ts';
import { NO_MODEL } from './model-reigns.ts';
import type { ModelSlot } from './model-slot.ts';

/** All that learning stands on, for the doors. */
export interface Learning extends LearningParts {
  readonly slot: ModelSlot;
  /** Digest of the model file that ships; null when none does. */
  readonly shipped: string | null;
  readonly flagFrom: FlagFrom;
  /** Name, version and digest of the policy in force. */
  readonly policy: string;
  /** True when the rules in force find this term for this category. */
  isKnownTerm(term: string, category: Category): Promise<boolean>;
}

/** The champion of this moment, as something to compare with; without one, something that finds nothing. */
export async function championToBeat({ slot }: Pick<Learning, 'slot'>): Promise<Scorer & { readonly sha256: string }> {
  await slot.refresh();
  const champion = slot.champion();
  if (champion === null) return { sha256: NO_MODEL, categories: [], score: () => [] };
  const { classifier, sha256 } = champion;
  return { sha256, categories: classifier.categories, score: classifier.score };
}
