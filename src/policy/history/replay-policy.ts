import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Category } from '../../contracts/category.ts';
import type { Action } from '../../contracts/decision.ts';
import type { EndUser } from '../../contracts/end-user.ts';
import type { CompiledPolicy } from '../compile.ts';
import { type EvaluationInput, unanswered } from '../facts.ts';
import type { PastDecision } from './past-decisions.ts';

/** Decisions that would have ended otherwise. */
interface Change {
  readonly stage: PastDecision['stage'];
  readonly from: Action;
  readonly to: Action;
  readonly count: number;
  /** Generations, the newest first. */
  readonly examples: readonly string[];
  readonly categories: readonly { readonly category: Category; readonly count: number }[];
  readonly regions: readonly { readonly region: string; readonly count: number }[];
}

/** What a policy would have decided on what was found then. */
interface PolicyReplay {
  readonly total: number;
  readonly same: number;
  readonly changed: readonly Change[];
  /** Checks of the policy that nobody had asked then: of these decisions nobody can tell. */
  readonly lacking: readonly { readonly check: string; readonly count: number }[];
  readonly untold: number;
}

interface ReplayParts {
  readonly policy: CompiledPolicy;
  /** Whom the platform vouched for. @throws when that cannot be read any more */
  readonly userOf: (past: PastDecision) => Promise<EndUser | undefined>;
}

const MOST_EXAMPLES = 5;
/** Then others have their turn: an evaluation takes a tenth of a millisecond. */
const SLICE = 50;

/**
 * Decides again, without any model: the same findings, the same facts of the request, another policy. What cannot be known is told as such, and never
 * counted as the same.
 */
export async function replayPolicy(past: readonly (PastDecision | null)[], parts: ReplayParts): Promise<PolicyReplay> {
  const counts: Counts = { changes: new Map(), lacking: new Map(), same: 0, untold: 0 };
  for (const [at, one] of past.entries()) {
    if (at % SLICE === SLICE - 1) await nextTurn();
    count(counts, one, one === null ? null : await decideAgain(one, parts));
  }
  const changed = [...counts.changes.values()].map(shown).sort((a, b) => b.count - a.count);
  const lacking = [...counts.lacking].map(([check, times]) => ({ check, count: times }));
  return { total: past.length, same: counts.same, changed, lacking, untold: counts.untold };
}

interface Counts {
  readonly changes: Map<string, Tally>;
  readonly lacking: Map<string, number>;
  same: number;
  untold: number;
}

function count(counts: Counts, past: PastDecision | null, again: Again | null): void {
  if (past === null || again === null || again.kind === 'lacking') {
    counts.untold += 1;
    for (const check of again?.kind === 'lacking' ? again.checks : []) counts.lacking.set(check, (counts.lacking.get(check) ?? 0) + 1);
  } else if (again.action === past.action) counts.same += 1;
  else tally(counts.changes, past, again);
}

type Again =
  | {
      readonly kind: 'decided';
      readonly action: Action;
      readonly categories: readonly Category[];
      readonly region: string | null;
    }
  | { readonly kind: 'lacking'; readonly checks: readonly string[] };

async function decideAgain(past: PastDecision, { policy, userOf }: ReplayParts): Promise<Again | null> {
  const user = await userOf(past).catch(() => 'gone' as const);
  if (user === 'gone') return null;
  const input = inputOf(past, policy, user);
  const failedThen = new Set(past.body.rules.map(({ rule }) => rule));
  const checks = unanswered(input, policy.checks)
    .map(({ check }) => check)
    .filter((check) => !failedThen.has(`failed:${check}`));
  if (checks.length > 0) return { kind: 'lacking', checks: [...new Set(checks)] };
  const { action, categories } = policy.evaluate(input);
  return { kind: 'decided', action, categories, region: user?.region ?? past.region };
}

function inputOf(past: PastDecision, policy: CompiledPolicy, user: EndUser | undefined): EvaluationInput {
  const { stage, surface, application, operation, decided_at: at, earlier, body } = past;
  const reasonsOf = (rule: string) => body.rules.find((hit) => hit.rule === rule)?.evidence.map(({ reason }) => reason) ?? [];
  const [unmarked, ...more] = reasonsOf('obligation:watermark');
  const [stopped] = reasonsOf('kill-switch');
  // What a check on trial said then counts where this policy relies on it.
  const promoted = body.shadows.filter(({ check }) => policy.checks.some(({ id }) => id === check));
  return {
    stage,
    surface,
    application,
    operation,
    at,
    findings: [...body.findings, ...promoted],
    expected: [],
    ...(earlier === null ? {} : { earlier }),
    ...(user === undefined ? {} : { user }),
    ...(body.behavior === undefined ? {} : { behavior: body.behavior }),
    ...(unmarked === undefined ? {} : { unmarkable: [unmarked, ...more] as const }),
    ...(stopped === undefined ? {} : { stopped }),
  };
}

interface Tally {
  readonly past: Pick<PastDecision, 'stage' | 'action'>;
  readonly to: Action;
  readonly examples: Set<string>;
  readonly categories: Map<Category, number>;
  readonly regions: Map<string, number>;
  count: number;
}

function tally(
  changes: Map<string, Tally>,
  past: PastDecision,
  { action: to, categories, region }: Extract<Again, { kind: 'decided' }>,
): void {
  const key = `${past.stage} ${past.action} ${to}`;
  const one: Tally = changes.get(key) ?? { past, to, examples: new Set(), categories: new Map(), regions: new Map(), count: 0 };
  changes.set(key, one);
  one.count += 1;
  if (one.examples.size < MOST_EXAMPLES) one.examples.add(past.generation_id);
  for (const category of categories) one.categories.set(category, (one.categories.get(category) ?? 0) + 1);
  if (region !== null) one.regions.set(region, (one.regions.get(region) ?? 0) + 1);
}

function shown({ past, to, count, examples, categories, regions }: Tally): Change {
  return {
    stage: past.stage,
    from: past.action,
    to,
    count,
    examples: [...examples],
    categories: [...categories].map(([category, n]) => ({ category, count: n })),
    regions: [...regions].map(([region, n]) => ({ region, count: n })),
  };
}
