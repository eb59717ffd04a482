import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import type { Coverage, LooksAt } from '../../contracts/check.ts';

/** The id of the check that comes of a plug-in; a policy lists it under this name. */
export const pluginId = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'small letters, digits and dashes, beginning with a letter');

export const pluginLooksAt = z
  .array(z.enum(['input_image', 'artifact']))
  .min(1)
  .default(['input_image', 'artifact']);

const share = z.number().min(0).max(1);

/** What was measured, by category; a category that is left out is unmeasured. */
export const coverageSchema = z
  .array(
    z.strictObject({
      category: z.enum(CATEGORIES),
      dataset: z.string().min(1).max(200),
      n: z.int().min(1),
      missed: share.exactOptional(),
      falseAlarms: share.exactOptional(),
      on: z.iso.date(),
      note: z.string().max(500).exactOptional(),
    }),
  )
  .max(64);

export type CoverageLines = z.output<typeof coverageSchema>;

/** One line for each category at each place: what was measured, or that nothing was. */
export function coverageOf(categories: readonly Category[], looksAt: readonly LooksAt[], lines: CoverageLines): Coverage[] {
  return looksAt.flatMap((place) =>
    categories.map((category): Coverage => {
      const line = lines.find((one) => one.category === category);
      if (line === undefined) return { category, looksAt: place, measured: 'unmeasured' };
      const { dataset, n, missed, falseAlarms, on, note } = line;
      const error = { missed: missed ?? 'unmeasured', falseAlarms: falseAlarms ?? 'unmeasured' } as const;
      return { category, looksAt: place, measured: { dataset, n, error, on }, ...(note === undefined ? {} : { note }) };
    }),
  );
}
