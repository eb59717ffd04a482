import type { SloCounts, WindowCount } from './counts.ts';
import { type BurnRule, type BurnWindow, burnRules, FEWEST_EVENTS, SLOS, type Slo } from './slos.ts';

/** How fast the budget of one objective is used up. 1: exactly as fast as it may be. Null: nothing happened. */
export function burnRate({ good, bad }: WindowCount, { objective }: Slo): number | null {
  const total = good + bad;
  return total === 0 ? null : bad / total / (1 - objective);
}

export interface BurnState extends BurnRule {
  readonly rate: number | null;
  readonly shortRate: number | null;
  readonly isFiring: boolean;
}

const NOTHING: WindowCount = { good: 0, bad: 0 };

/** Each alarm of an objective, and whether it sounds. */
export function burnStates(slo: Slo, windows: ReadonlyMap<BurnWindow, WindowCount>): readonly BurnState[] {
  return burnRules(slo).map((rule) => {
    const long = windows.get(rule.long) ?? NOTHING;
    const rate = burnRate(long, slo);
    const shortRate = burnRate(windows.get(rule.short) ?? NOTHING, slo);
    const isEnough = long.good + long.bad >= FEWEST_EVENTS;
    return { ...rule, rate, shortRate, isFiring: isEnough && isAbove(rate, rule) && isAbove(shortRate, rule) };
  });
}

const isAbove = (rate: number | null, { factor }: BurnRule) => rate !== null && rate > factor;

export interface FiringAlert {
  readonly slo: Slo;
  readonly severity: 'page' | 'ticket';
  readonly states: readonly BurnState[];
}

/** One for each objective and severity that sounds. */
export function firingAlerts(counts: SloCounts): readonly FiringAlert[] {
  return SLOS.flatMap((slo) => {
    const firing = burnStates(slo, counts.get(slo.id) ?? new Map()).filter(({ isFiring }) => isFiring);
    return (['page', 'ticket'] as const).flatMap((severity) => {
      const states = firing.filter((state) => state.severity === severity);
      return states.length === 0 ? [] : [{ slo, severity, states }];
    });
  });
}
