import { z } from 'zod';

/** How upstreams are looked after; see `docs/upstreams.md`. */
export const modelCare = z.strictObject({
  failuresToRest: z.int().min(1).max(1_000_000).default(10),
  restSeconds: z.number().min(0).max(3_600).default(15),
  accountRestSeconds: z.number().min(0).max(86_400).default(300),
  refusalsPerUser: z.int().min(1).max(1_000_000).default(20),
  refusalWindowMinutes: z.number().min(0.01).max(1_440).default(10),
});
