import type { Door } from '../access/door/door.ts';
import type { RequireKnown } from '../access/known-names.ts';
import { createSubjects } from '../access/limits/asking.ts';
import { type Charges, createCharges } from '../access/limits/charges.ts';
import type { Count } from '../access/limits/count.ts';
import { sweepCounters } from '../access/limits/counter-store.ts';
import { createLeases } from '../access/limits/leases.ts';
import { createLimitBook } from '../access/limits/limit-book.ts';
import { createLimitControl, type LimitControl } from '../access/limits/limit-control.ts';
import { type LimitRule, limitRuleSchema } from '../access/limits/limit-rule.ts';
import { createLimits } from '../access/limits/limits.ts';
import { createPricing, type ModelPrice, modelPrice } from '../access/limits/pricing.ts';
import type { UserStanding } from '../access/standing/user-standing.ts';
import { announce } from '../announcements/announce.ts';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { startTurns } from '../jobs/start-turns.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

interface LimitGround {
  readonly db: Database;
  readonly journal: Journal;
  readonly models: ReadonlyMap<string, unknown>;
  readonly requireKnown: RequireKnown;
  /** Keys the names of counts. */
  readonly key: Uint8Array;
  readonly door: Door;
  /** What the door asks through. */
  readonly source: Database;
  readonly standing: UserStanding;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** The embedded database runs in this process, so it is not away, and may be busy. */
const PATIENCE_MS = { postgres: 1_000, embedded: 10_000 } as const;
/** How soon a change by another process is known here; with the embedded database there is none. */
const LOOK_EVERY_MS = { postgres: 250, embedded: 5_000 } as const;
const SETTLE_EVERY_MS = 30_000;
const SWEEP_EVERY_MS = 3_600_000;

/** Rate limits and budgets, known before the first request. @throws ImprimaturError CONFIG_INVALID, MODEL_UNKNOWN; as the database does */
export async function openLimits(config: Config, ground: LimitGround): Promise<LimitControl> {
  const { db, journal, models, key, door, source, standing, telemetry, closers } = ground;
  const onError = (error: unknown) => telemetry.stageFailed(error, 'limits');
  const rules = rulesOf(config);
  const pricing = createPricing(pricesOf(config, [...models.keys()]));
  const book = createLimitBook({ db, journal, models: [...models.keys()], requireKnown: ground.requireKnown });
  await book.keepConfigured(rules).catch((error: unknown) => {
    throw error instanceof ImprimaturError && error.param !== null
      ? invalid(`rules: ${error.param}: ${error.hint ?? error.message}`)
      : error;
  });
  await book.refresh();
  const subjectOf = createSubjects(key);
  const onWarning = (count: Count) => void warn(count, ground).catch(onError);
  const leases = createLeases(subjectOf, { patienceMs: PATIENCE_MS[db.kind], door, onWarning });
  closers.add(leases.stop);
  const charges = createCharges({ db: source, onError, pricing, chargeHeld: config.values.limits.chargeHeld });
  closers.add(charges.drain);
  const onRefused: Parameters<typeof createLimits>[0]['onRefused'] = ({ id }) => telemetry.limitRefused(id);
  const limits = createLimits({ current: book.current, leases, charges, pricing, standing, onRefused });
  const control = createLimitControl({ db: source, limits, book, subjectOf, onChange: leases.recall });
  closers.add(startTurns(control.refresh, { everyMs: LOOK_EVERY_MS[db.kind], onError }));
  keepTidy(charges, { ...ground, onError });
  return control;
}

/** What processes that died left, and counts that nobody needs any more. */
function keepTidy(charges: Charges, { db, closers, onError }: LimitGround & { readonly onError: (error: unknown) => void }): void {
  closers.add(startTurns(charges.settleAbandoned, { everyMs: SETTLE_EVERY_MS, onError }));
  closers.add(startTurns(() => sweepCounters(db), { everyMs: SWEEP_EVERY_MS, onError }));
}

async function warn({ rule, subject, application, known }: Count, { db, telemetry }: LimitGround): Promise<void> {
  telemetry.limitWarned(rule);
  telemetry.log.warn({ event: 'limit.warning', limit: rule, subject, used: known?.used, most: known?.limit });
  await announce(db, {
    type: 'limit.warning',
    application,
    data: { limit: rule, subject, used: known?.used ?? null, most: known?.limit ?? null },
  });
}

function rulesOf({ values }: Config): ReadonlyMap<string, LimitRule> {
  const rules = new Map<string, LimitRule>();
  for (const { id, ...written } of values.limits.rules) {
    const read = limitRuleSchema.safeParse(written);
    if (!read.success) throw invalid(`rules, "${id}": ${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}`);
    if (rules.has(id)) throw invalid(`rules: "${id}" stands there twice`);
    rules.set(id, read.data);
  }
  return rules;
}

export function pricesOf({ values }: Config, models: readonly string[]): Readonly<Record<string, ModelPrice>> {
  const prices = Object.entries(values.limits.costs).map(([model, written]): [string, ModelPrice] => {
    if (model !== '*' && !models.includes(model)) throw invalid(`costs: there is no model "${model}"`);
    const read = modelPrice.safeParse(written);
    if (!read.success) throw invalid(`costs, "${model}": ${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}`);
    return [model, read.data];
  });
  return Object.fromEntries(prices);
}

function invalid(problem: string): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `limits.${problem}.` });
}
