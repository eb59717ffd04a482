import { z } from 'zod';
import { plainName } from './fields.ts';

/** Rules and prices; `src/access/limits/` checks what stands in each. */
const limits = z.strictObject({
  rules: z
    .array(z.looseObject({ id: plainName }))
    .max(500)
    .default([]),
  costs: z.record(z.union([plainName, z.literal('*')]), z.looseObject({})).default({}),
  chargeHeld: z.boolean().default(true),
});

/** Part of the configuration's schema. */
export const limitSettings = {
  limits: limits
    .prefault({})
    .describe(
      'Rate limits and budgets (`rules`), what pictures cost (`costs`, by model), and whether pictures that wait for a person count (`chargeHeld`). See docs/limits.md.',
    ),
};
