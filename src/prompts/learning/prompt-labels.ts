import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';

/** What a person says about a prompt: true, it asks for this; false, it does not. What is left out, nobody judged. */
export type PromptLabels = Readonly<Partial<Record<Category, boolean>>>;

export const promptLabelsSchema = z
  .partialRecord(z.enum(CATEGORIES), z.boolean())
  .refine((labels) => Object.keys(labels).length > 0, { error: 'label at least one category' });

/** The same answer for every category. */
export function labelsOf(categories: readonly Category[], as: boolean): PromptLabels {
  return Object.fromEntries(categories.map((category) => [category, as]));
}
