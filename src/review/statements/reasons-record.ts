import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import type { Decision } from '../../contracts/decision.ts';

/**
 * What was done. `awaits_person`: held. `removed`: a published picture was taken down. Those of the account are about whoever asked: fewer pictures, none until
 * a day, none any more.
 */
export const RESTRICTIONS = [
  'not_made',
  'withheld',
  'awaits_person',
  'labelled',
  'removed',
  'account_limited',
  'account_suspended',
  'account_ended',
] as const;
/** Laws that a notice may rest on; `docs/statements.md` has their names. */
export const LAWS = ['child_sexual_abuse', 'intimate_imagery', 'terrorist_content', 'court_order', 'other_law'] as const;

/**
 * Why a negative decision was made, in codes: the one record that plain words and the EU form are both rendered from. It is derived from the
 * decision and stored beside it; nobody fills it in. No text of a user, no rule, no score.
 */
export const reasonsRecord = z.object({
  /** Unique for each statement: the id of the decision. */
  puid: z.string().regex(/^[A-Za-z0-9_-]{1,500}$/),
  restriction: z.enum(RESTRICTIONS),
  /** `text`: nothing but the request existed. */
  content: z.enum(['text', 'picture']),
  categories: z.array(z.enum(CATEGORIES)),
  /** Days, UTC. */
  contentOn: z.iso.date(),
  decidedOn: z.iso.date(),
  /** Who noticed it first. */
  detection: z.enum(['automated', 'people']),
  /** `partially`: a person decided on what checks had brought up. */
  decision: z.enum(['fully', 'partially', 'not_automated']),
  source: z.enum(['own', 'notice', 'trusted_flagger', 'order']),
  by: z.enum(['policy', 'model', 'operator']),
  /** `name@version`. */
  policy: z.string().max(200),
  law: z.enum(LAWS).nullable(),
  /** The last day of a restriction that ends; null or absent: it has no end. */
  endsOn: z.iso.date().nullable().exactOptional(),
});

export type ReasonsRecord = z.output<typeof reasonsRecord>;

/** The part of a decision that counts. */
type Decided = Pick<Decision, 'id' | 'action' | 'stage' | 'categories' | 'policy' | 'decidedAt' | 'decidedBy'>;

/** What a person's decision was about, as it stood before. */
interface Before {
  /** What was being decided on: the request, or the pictures that came of it. */
  readonly subject: 'prompt' | 'output';
  /** What the policy said it was about when it held or blocked it. */
  readonly categories: readonly Decision['categories'][number][];
  /** When the request came. */
  readonly receivedAt: Date;
}

/**
 * The reasons of a decision on a generation; null for one that restricts nothing. Automation is read off who decided: Google Play told the EU's
 * database the reverse for 32 months, because somebody had mapped the fields by hand.
 */
export function reasonsOf(decision: Decided, { subject, categories, receivedAt }: Before): ReasonsRecord | null {
  if (decision.action === 'allow') return null;
  const isPolicy = decision.decidedBy.kind === 'policy';
  return {
    puid: decision.id,
    restriction: restrictionOf(decision.action, subject),
    content: subject === 'prompt' ? 'text' : 'picture',
    categories: [...(decision.categories.length > 0 ? decision.categories : categories)],
    contentOn: dayOf(receivedAt),
    decidedOn: dayOf(decision.decidedAt),
    // Whatever a person decides here was brought up by a check: cases of generations are opened by a policy's hold alone.
    detection: 'automated',
    decision: isPolicy ? 'fully' : 'partially',
    source: 'own',
    by: decision.decidedBy.kind,
    policy: `${decision.policy.name}@${decision.policy.version}`,
    law: null,
  };
}

function restrictionOf(action: Exclude<Decision['action'], 'allow'>, subject: Before['subject']): ReasonsRecord['restriction'] {
  if (action === 'label') return 'labelled';
  if (action === 'hold') return 'awaits_person';
  return subject === 'prompt' ? 'not_made' : 'withheld';
}

export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 'yyyy-mm-dd'.length);
}
