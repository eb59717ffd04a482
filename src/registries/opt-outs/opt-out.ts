import { z } from 'zod';
import { isId, type OptOutId } from '../../contracts/ids.ts';

/** What an artist or rights-holder wants left alone. `training`: their pictures stay out of training sets. */
export const OPT_OUT_MATTERS = ['style', 'name', 'works', 'training'] as const;
export type OptOutMatter = (typeof OPT_OUT_MATTERS)[number];

const name = z.string().trim().min(2).max(200);

/** Somebody who opted out, as it is sealed. */
export const optOutFactsSchema = z.strictObject({
  name,
  aliases: z.array(name).max(50).readonly().default([]),
  /** Titles of works, for `works`. */
  works: z.array(name).max(500).readonly().default([]),
  /** Where the wish is written down, such as the number of a letter. */
  reference: z.string().trim().min(1).max(1_000),
});

export type OptOutFacts = z.output<typeof optOutFactsSchema>;

export const mattersSchema = z.array(z.enum(OPT_OUT_MATTERS)).min(1).max(OPT_OUT_MATTERS.length).readonly();

/** One wish to be left alone. */
export interface OptOut extends OptOutFacts {
  readonly id: OptOutId;
  readonly what: readonly OptOutMatter[];
  readonly expiresAt: Date | null;
  readonly addedBy: string;
  readonly addedAt: Date;
}

export const optOutId = z.custom<OptOutId>((value) => typeof value === 'string' && isId('optout', value), 'not the id of an opt-out');
