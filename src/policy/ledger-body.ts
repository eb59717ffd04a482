import type { Category } from '../contracts/category.ts';
import type { Action, Verdict, WatermarkWish } from '../contracts/decision.ts';
import { formatFullPolicyRef } from './policy-ref.ts';

/** What the ledger keeps of a verdict. Codes only: no score, no reason, nothing that a user wrote. */
export type DecisionLedgerBody = {
  readonly action: Action;
  /** `name@version+sha256:` and 64 hex digits. */
  readonly policy: string;
  readonly rules: readonly { readonly id: string; readonly action: Action; readonly floor: boolean; readonly exception?: string }[];
  readonly categories: readonly Category[];
  readonly obligations: {
    readonly credential: boolean;
    readonly label: boolean;
    readonly watermark: WatermarkWish;
    readonly conservative?: true;
    readonly delaySeconds?: number;
  };
  /** Version of each check that the policy relies on, by id. */
  readonly checks?: Readonly<Record<string, string>>;
};

/**
 * The ledger's part of a decision. Give the policy's `checks`, so that the entry says which versions looked; and in `versions`
 * what they were at that time, since a classifier may have been promoted meanwhile.
 */
export function decisionLedgerBody(
  verdict: Verdict,
  checks?: readonly { readonly id: string; readonly version: string }[],
  versions: Readonly<Record<string, string>> = {},
): DecisionLedgerBody {
  const { credential, label, watermark, conservative, delaySeconds } = verdict.obligations;
  return {
    action: verdict.action,
    policy: formatFullPolicyRef(verdict.policy),
    rules: verdict.rules.map(({ rule, action, floor, exception }) => ({
      id: rule,
      action,
      floor,
      ...(exception === undefined ? {} : { exception }),
    })),
    categories: verdict.categories,
    obligations: {
      ...{ credential, label, watermark },
      ...(conservative === undefined ? {} : { conservative }),
      ...(delaySeconds === undefined ? {} : { delaySeconds }),
    },
    ...(checks === undefined ? {} : { checks: Object.fromEntries(checks.map(({ id, version }) => [id, versions[id] ?? version])) }),
  };
}
