import { z } from 'zod';
import { TIERS, type Tier } from '../contracts/end-user.ts';
import type { ParameterNote, ParameterValue } from '../contracts/submission.ts';

const plainValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const parameterLimitSchema = z.union([
  z.strictObject({
    allow: z.array(plainValue).min(1).describe('The values that may pass as they are.'),
    otherwise: plainValue.describe('What stands in for every other value; one of the allowed ones.'),
  }),
  z.strictObject({
    min: z.exactOptional(z.number()).describe('Smallest value; whatever is smaller or no number becomes this.'),
    max: z.exactOptional(z.number()).describe('Largest value; whatever is larger or no number becomes this.'),
  }),
  z.strictObject({ remove: z.literal(true).describe('The parameter never reaches a model.') }),
]);
/** The same, where nobody points at what is wrong with it. */
export const soundLimitSchema = parameterLimitSchema.refine(
  (limit) => ('allow' in limit ? limit.allow.includes(limit.otherwise) : 'remove' in limit || (limit.min ?? limit.max) !== undefined),
  'needs "allow" with one of the allowed values as "otherwise", "min", "max", or "remove"',
);
export type ParameterLimit = z.output<typeof parameterLimitSchema>;

type Parameters = Readonly<Record<string, ParameterValue>>;

export interface ClampResult {
  readonly parameters: Parameters;
  readonly notes: readonly ParameterNote[];
}

/** Deeper than any model's options; what lies below is dropped, because nobody would look at it. */
const MAX_DEPTH = 16;

const REMOVED = Symbol('removed');
type Limited = ParameterValue | typeof REMOVED;

/** Multipart forms send numbers as text. Only the plainest spelling counts, so that no upstream reads another number. */
function toNumber(value: ParameterValue): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : Number.NaN;
}

function withinRange(value: ParameterValue, min: number | undefined, max: number | undefined): ParameterValue {
  const asked = toNumber(value);
  if (max !== undefined && !(asked <= max)) return max;
  if (min !== undefined && !(asked >= min)) return min;
  return value;
}

function limited(value: ParameterValue, limit: ParameterLimit): Limited {
  if ('remove' in limit) return REMOVED;
  if ('allow' in limit) return limit.allow.some((allowed) => allowed === value) ? value : limit.otherwise;
  return withinRange(value, limit.min, limit.max);
}

function isList(value: ParameterValue): value is readonly ParameterValue[] {
  return Array.isArray(value);
}

interface Clamping {
  readonly limits: ReadonlyMap<string, ParameterLimit>;
  readonly notes: Map<string, ParameterNote>;
}

/**
 * Applies limits to what the caller set, at every depth, because some models take their options in a nested object. A
 * parameter that the caller did not send is not added. Notes name the policy's word for a parameter (never anything
 * that the caller wrote) and the value used instead.
 */
export function clampParameters(parameters: Parameters, limits: Readonly<Record<string, ParameterLimit>>): ClampResult {
  const clamping: Clamping = { limits: new Map(Object.entries(limits)), notes: new Map() };
  return { parameters: clampObject(parameters, 0, clamping), notes: [...clamping.notes.values()] };
}

interface TierLimits {
  readonly parameters: Readonly<Record<string, ParameterLimit>>;
  readonly parametersByTier?: Readonly<Partial<Record<Tier, Readonly<Record<string, ParameterLimit>>>>>;
}

/** The limits for all, then those for each tier that the user does not stand above, the highest first: none undoes another. */
export function clampForTier(
  parameters: Parameters,
  { parameters: common, parametersByTier = {} }: TierLimits,
  tier: Tier = 'anonymous',
): ClampResult {
  let result = clampParameters(parameters, common);
  for (const one of TIERS.toReversed()) {
    const limits = parametersByTier[one];
    if (limits === undefined || TIERS.indexOf(tier) > TIERS.indexOf(one)) continue;
    const clamped = clampParameters(result.parameters, limits);
    const changed = new Set(clamped.notes.map(({ name }) => name));
    result = { parameters: clamped.parameters, notes: [...result.notes.filter(({ name }) => !changed.has(name)), ...clamped.notes] };
  }
  return result;
}

function clampObject(object: Parameters, depth: number, clamping: Clamping): Parameters {
  const kept: [string, ParameterValue][] = [];
  for (const [name, value] of Object.entries(object)) {
    const result = clampMember(name, value, depth, clamping);
    if (result !== REMOVED) kept.push([name, result]);
  }
  return Object.fromEntries(kept);
}

function clampMember(name: string, value: ParameterValue, depth: number, clamping: Clamping): Limited {
  const limit = clamping.limits.get(name);
  if (limit === undefined) return clampNested(value, depth + 1, clamping);
  const result = limited(value, limit);
  if (result !== value) clamping.notes.set(name, { name, what: 'clamped', ...(result === REMOVED ? {} : { to: String(result) }) });
  return result;
}

function clampNested(value: ParameterValue, depth: number, clamping: Clamping): Limited {
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) {
    clamping.notes.set('nested', { name: 'nested', what: 'clamped' });
    return REMOVED;
  }
  if (isList(value)) return value.map((item) => clampNested(item, depth + 1, clamping)).filter((item) => item !== REMOVED);
  return clampObject(value, depth, clamping);
}
