import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { plainName } from './fields.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(1).max(100_000);
const days = z.int().min(1).max(3_650);
const minutes = z.int().min(1).max(1_440);

const welfare = z.strictObject({
  perDay: count.exactOptional(),
  perWeek: count.exactOptional(),
  categories: z.partialRecord(z.enum(CATEGORIES), z.strictObject({ weight: z.number().min(1).max(100), perDay: count })).exactOptional(),
  offerBreakAfter: minutes.exactOptional(),
  takeBreakAfter: minutes.exactOptional(),
  breakMinutes: minutes.exactOptional(),
  rotateAfter: count.exactOptional(),
  rotateMinutes: minutes.exactOptional(),
});

const quality = z.strictObject({
  doubleShare: share.exactOptional(),
  goldShare: share.exactOptional(),
  goldLooks: count.exactOptional(),
  replayHours: z.int().min(1).max(720).exactOptional(),
});

/** Where a measure should be, for whom, who says so and why: a convention without an owner is no threshold. */
const threshold = z.strictObject({
  policy: z.string().min(1).max(200).default('*'),
  measure: z.enum(['psa', 'kappa', 'alpha', 'ac1', 'raw']),
  value: z.number().min(-1).max(1),
  owner: z.string().min(1).max(200),
  reason: z.string().min(1).max(1_000),
});

const some = <Of extends z.ZodType>(of: Of) => z.array(of).min(1).max(100);

const queue = z.strictObject({
  id: plainName,
  name: z.string().min(1).max(100),
  description: z.string().max(500).default(''),
  takes: z
    .strictObject({
      kinds: some(z.enum(['generation', 'upload'])).exactOptional(),
      categories: some(z.enum(CATEGORIES)).exactOptional(),
      regions: some(z.string().regex(/^(EU|[A-Z]{2}(-[A-Z0-9]{1,3})?)$/, 'ISO 3166, or EU')).exactOptional(),
      languages: some(z.string().regex(/^[a-z]{2,3}$/, 'ISO 639')).exactOptional(),
      surfaces: some(plainName).exactOptional(),
    })
    .exactOptional(),
  needs: z.string().max(64).default('cases.read'),
  decides: z.string().max(64).default('cases.decide'),
});

const secondReview = z.strictObject({
  id: plainName,
  why: z.string().min(1).max(500),
  queues: some(plainName).exactOptional(),
  categories: some(some(z.enum(CATEGORIES))).exactOptional(),
  decisions: some(z.string().max(64)).exactOptional(),
  userActions: some(z.string().max(64)).exactOptional(),
});

/** Settings of reviewers' work and of what is learned from it. Lists and objects: only in the file. */
export const reviewSettings = {
  reviewers: z
    .strictObject({
      welfare: welfare.default({}),
      quality: quality.default({}),
      thresholds: z.array(threshold).max(200).default([]),
      individuals: z.enum(['leads', 'nobody']).default('leads'),
    })
    .prefault({})
    .describe(
      'Reviewers: `welfare` (budgets of what one sees, breaks, rotation), `quality` (shares of second looks and gold cases), `thresholds` of agreement, and whether leads see `individuals`. See docs/quality.md.',
    ),
  review: z
    .strictObject({
      queues: z.array(queue).max(100).exactOptional(),
      secondReview: z.array(secondReview).max(100).default([]),
      withoutSecondReview: z.array(plainName).max(100).default([]),
    })
    .prefault({})
    .describe(
      'Where cases wait and when two people decide: `queues` (in place of the shipped ones for ordinary work), `secondReview` (rules beside the shipped ones) and `withoutSecondReview` (shipped rules to leave out). See docs/review.md.',
    ),
  retention: z
    .strictObject({
      notices: days.default(365),
      reportedPictures: days.default(90),
      appeals: days.default(365),
      drafts: days.default(30),
      looks: days.default(730),
      mails: days.default(30),
      notes: days.default(365),
    })
    .prefault({})
    .describe(
      'Days after which what people wrote is deleted: `notices`, `reportedPictures` and `appeals` (from their outcome), `drafts`, `looks` (who looked at which case), `mails` that could not be sent, and `notes` that reviewers and boards wrote beside their decisions (from the end of the case). Suspected child abuse material is kept. See docs/review.md.',
    ),
  exports: z
    .strictObject({
      applications: z.array(plainName).max(1_000).default([]),
      maxAgeDays: z.int().min(1).max(3_650).default(180),
    })
    .prefault({})
    .describe(
      'Decisions as training data: `applications` whose users agreed (none otherwise), and `maxAgeDays` of what is given out. See docs/quality.md.',
    ),
};
