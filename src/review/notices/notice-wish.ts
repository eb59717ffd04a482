import { z } from 'zod';
import { KINDS, NOTICE_KINDS, RELATIONS } from './notice-kinds.ts';

/** Tabs and line breaks may stand in what somebody writes; other control characters may not. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((value) => !/[^\P{Cc}\t\n\r]/u.test(value), 'must not hold control characters');

/** ThreatExchange's rule: below this a hash says too little, and would match pictures of strangers. */
export const MIN_HASH_QUALITY = 50;

const hash = z.strictObject({
  /** Eight, as the picture is turned and mirrored; the picture as it stands first. */
  pdq: z.array(z.string().regex(/^[0-9a-f]{64}$/i, '64 hex digits')).length(8),
  quality: z.int().min(MIN_HASH_QUALITY, 'the picture has too little to go by').max(100),
});

/**
 * What somebody reports (DSA, article 16; TAKE IT DOWN Act, section 3). What a law needs for a valid notice is asked here, so that no notice waits
 * half-finished while its clock runs.
 */
export const noticeWish = z
  .strictObject({
    kind: z.enum(NOTICE_KINDS),
    urls: z
      .array(z.url({ protocol: /^https?$/ }).max(2000))
      .max(20)
      .default([])
      .describe('Where the picture is.'),
    artifact_ids: z
      .array(z.string().regex(/^art_[0-9a-z]{26}$/))
      .max(20)
      .default([]),
    hashes: z.array(hash).max(10).default([]).describe('PDQ hashes that were made on the device of the reporter.'),
    description: text(5000).describe('Why it should not be there.'),
    relation: z.enum(RELATIONS).exactOptional(),
    name: text(200).exactOptional(),
    email: z.email().max(254).exactOptional(),
    region: z
      .string()
      .regex(/^[A-Z]{2}$/, 'two letters, such as DE or US')
      .exactOptional()
      .describe('The country whose law the reporter relies on.'),
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .exactOptional(),
    good_faith: z.literal(true, 'must be true: the report is made in good faith, and what it says is right and complete'),
    signature: text(200).exactOptional().describe('The full name, typed; it counts as a signature.'),
  })
  .superRefine((wish, context) => {
    const need = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    const { mayBeAnonymous, needsRelation } = KINDS[wish.kind];
    if (!mayBeAnonymous) {
      if (wish.name === undefined) need('name', 'is needed for this kind of report');
      if (wish.email === undefined) need('email', 'is needed for this kind of report: the outcome is told there');
      if (wish.signature === undefined) need('signature', 'is needed for this kind of report');
    }
    if (needsRelation && wish.relation === undefined) need('relation', 'is needed: are you the person pictured, or do you act for them?');
  })
  .meta({ id: 'Notice' });

export type NoticeWish = z.output<typeof noticeWish>;

/** The part of it that is sealed: whatever somebody wrote, and who they are. */
export const noticeBody = z.object({
  urls: z.array(z.string()),
  description: z.string(),
  relation: z.enum(RELATIONS).nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  signature: z.string().nullable(),
});
export type NoticeBody = z.output<typeof noticeBody>;

export function bodyOf({ urls, description, relation, name, email, signature }: NoticeWish): NoticeBody {
  return {
    urls,
    description,
    relation: relation ?? null,
    name: name ?? null,
    email: email ?? null,
    signature: signature ?? null,
  };
}
