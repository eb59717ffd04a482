import type { Decision } from './decision.ts';

/** Something that policy has judged, with the decision that stands in the ledger. */
export type Decided<Subject> = Subject & { readonly decision: Decision };

declare const clearance: unique symbol;

/**
 * The one ticket to `generate` and `publish`. Only `decide/` can turn a `Decided` into a `Cleared` (the symbol is not
 * exported, so no literal can have this type; `test/repo.test.ts` forbids the type predicate elsewhere). Taking a gate
 * out of the pipeline therefore does not compile.
 */
export type Cleared<Subject> = Decided<Subject> & { readonly [clearance]: true };
