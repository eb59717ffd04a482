import { costOfGeneration, createPricing } from '../access/limits/pricing.ts';
import type { GatherParts } from '../access/usage/gather-usage.ts';
import type { Config } from '../config/load-config.ts';
import { pricesOf } from './open-limits.ts';

/** How usage is counted: with the prices of today. @throws ImprimaturError CONFIG_INVALID for prices that are none */
export function openUsage(config: Config): GatherParts {
  const { limits, usage, models } = config.values;
  const names = models.map(({ name }) => name);
  const rules = { pricing: createPricing(pricesOf(config, names)), chargeHeld: limits.chargeHeld };
  return { costOf: (request, outcome) => costOfGeneration(request, outcome, rules), chargeReviews: usage.chargeReviews };
}
