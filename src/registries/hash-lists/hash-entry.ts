import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';

const VALUE_PATTERN = { pdq: /^[0-9a-f]{64}$/, sha256: /^[0-9a-f]{64}$/, md5: /^[0-9a-f]{32}$/ } as const;

const EXPECTED = { pdq: '64 hex digits', sha256: '64 hex digits', md5: '32 hex digits' } as const;

/** An empty CSV cell means "not given". */
const blankable = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

/** One row of a list. `severity` and `label` are the list owner's own words (NCMEC's A1…B2, IWF's A–C) and are not interpreted. */
export const hashEntrySchema = z
  .strictObject({
    algorithm: z.enum(['pdq', 'sha256', 'md5'], { error: 'algorithm must be pdq, sha256 or md5' }),
    value: z.string({ error: 'value is missing' }).toLowerCase(),
    category: blankable(z.enum(CATEGORIES, { error: 'category is not one of ours' })),
    severity: blankable(z.string().regex(/^[\w .-]{1,32}$/, { error: 'severity may have 32 letters, digits, spaces, dots and dashes' })),
    label: blankable(z.string().max(128, { error: 'label may have 128 characters' })),
  })
  .superRefine(({ algorithm, value }, context) => {
    if (!VALUE_PATTERN[algorithm].test(value)) context.addIssue(`${algorithm} must be ${EXPECTED[algorithm]}`);
  });

export type HashEntry = z.infer<typeof hashEntrySchema>;
export type HashAlgorithm = HashEntry['algorithm'];

/** What is wrong with one line of a list file; `line` counts from 1. It never repeats the line. */
export interface RowProblem {
  readonly line: number;
  readonly message: string;
}
