import { ACTIONS, type RuleHit } from '../contracts/decision.ts';
import type { PolicyDocument } from './document.ts';

/** For a while one rule stops nothing for one surface, or one application on it. Boards approved it. */
export interface PolicyException {
  readonly id: `exc_${string}`;
  /** Of the policy that it is from. */
  readonly digest: string;
  /** A rule of the document, or a threshold such as `threshold:hate:hold`. */
  readonly rule: string;
  readonly surface: string;
  /** Null: every application. */
  readonly application: string | null;
  readonly until: Date;
}

interface Occasion {
  readonly surface: string;
  readonly application: string | undefined;
  /** Without it no exception holds. */
  readonly at: Date | undefined;
}

const THRESHOLD = /^(threshold|unlisted):[a-z_]+:(hold|block)$/;

/** What an exception may be from: never a floor, a check that could not tell, a missing mark or a kill switch. */
export function isExceptable(rule: string, { rules }: Pick<PolicyDocument, 'rules'>): boolean {
  return THRESHOLD.test(rule) || rules.some(({ id, action }) => id === rule && (action === 'hold' || action === 'block'));
}

/** The hits as exceptions leave them: what one is from stays on record and stops nothing. */
export function withExceptions(
  hits: readonly RuleHit[],
  exceptions: readonly PolicyException[],
  { surface, application, at }: Occasion,
  document: Pick<PolicyDocument, 'rules'>,
): RuleHit[] {
  const open = exceptions.filter(
    (one) => at !== undefined && at < one.until && one.surface === surface && (one.application === null || one.application === application),
  );
  if (open.length === 0) return [...hits];
  const judged = hits.map((hit): RuleHit => {
    const found = hit.floor || !isExceptable(hit.rule, document) ? undefined : open.find(({ rule }) => rule === hit.rule);
    return found === undefined ? hit : { ...hit, action: 'allow', exception: found.id };
  });
  return judged.sort((a, b) => ACTIONS.indexOf(b.action) - ACTIONS.indexOf(a.action));
}
