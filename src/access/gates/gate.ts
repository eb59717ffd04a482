import { z } from 'zod';
import { regionName } from '../kill/kill-switch.ts';
import type { Capability } from './capability.ts';

export const GATE_STATES = ['off', 'allowlist', 'percent', 'on'] as const;

/** `user:…` becomes `user-digest:…` before it is stored: ids of people are kept as keyed digests only. */
const guest = z.string().regex(/^(user|user-digest|key|application):\S{1,256}$/, 'user:ID, key:KEY_ID or application:NAME');

const admission = {
  state: z
    .enum(GATE_STATES)
    .describe('`off`: for nobody. `allowlist`: for those in `allow`. `percent`: for those and a share of users. `on`: for all.'),
  percent: z
    .exactOptional(z.number().min(0).max(100))
    .describe('Of users, by a keyed hash of their id: the same user is always in or always out.'),
  allow: z.exactOptional(z.array(guest).max(10_000)),
};
const share = z.number().min(0).max(1);
const band = z.strictObject({ low: share.default(0), high: share }).refine(({ low, high }) => low < high, '`low` must be below `high`');

export const canarySchema = z
  .strictObject({
    refused: z.exactOptional(band),
    held: z.exactOptional(band),
    reported: z.exactOptional(band),
    roll_back_to: z.enum(['off', 'allowlist']).default('off'),
  })
  .describe('Shares of its requests between which the capability has to stay. Outside, the gate closes by itself.');
export type Canary = z.output<typeof canarySchema>;

export const hasPercent = ({ state, percent }: { readonly state: string; readonly percent?: number }) =>
  state !== 'percent' || percent !== undefined;
export const MISSING_PERCENT = 'the state "percent" needs `percent`';

/** What a gate says. `overrides`: of those that fit a request the one that names most holds in place of the gate itself. */
export const gateRuleSchema = z
  .strictObject({
    ...admission,
    overrides: z.exactOptional(
      z
        .array(
          z
            .strictObject({ surface: z.exactOptional(z.string().min(1).max(63)), region: z.exactOptional(regionName), ...admission })
            .refine(hasPercent, MISSING_PERCENT),
        )
        .max(100),
    ),
    canary: z.exactOptional(canarySchema),
  })
  .refine(hasPercent, MISSING_PERCENT);
export type GateRule = z.output<typeof gateRuleSchema>;
export type Admission = Pick<GateRule, 'state' | 'percent' | 'allow'>;
export type Override = NonNullable<GateRule['overrides']>[number];

/** How far each share has gone out of its band: the logarithm of the evidence, by `refused.high` and the like; see `canary.ts`. */
export const evidenceSchema = z.record(z.string(), z.number());
export type CanaryEvidence = Readonly<z.output<typeof evidenceSchema>>;

export interface Gate {
  readonly capability: Capability;
  readonly rule: GateRule;
  /** Grows with every change. 0: there is no gate, so the capability is open. */
  readonly version: number;
  readonly reason: string | null;
  readonly changedBy: string;
  readonly changedAt: Date;
  readonly evidence: CanaryEvidence;
}
