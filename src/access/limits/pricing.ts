import { z } from 'zod';
import type { UpstreamUsage } from '../../contracts/image-model.ts';
import type { Outcome } from '../../contracts/stages.ts';
import type { ImageRequest } from '../../contracts/submission.ts';

const units = z.int().min(0).max(1_000_000_000);

/** What one model costs. */
export const modelPrice = z.strictObject({
  units: units.default(1).describe('Per picture, where no line of `prices` fits.'),
  prices: z
    .array(
      z.strictObject({
        size: z.exactOptional(z.string().min(1).max(40)),
        quality: z.exactOptional(z.string().min(1).max(40)),
        operation: z.exactOptional(z.enum(['generate', 'edit', 'variation'])),
        units,
      }),
    )
    .max(200)
    .default([])
    .describe('The first line that fits the request says what one picture costs.'),
  byUsage: z.boolean().default(false).describe('The true cost is `usage.total_tokens` of the upstream, where it says so.'),
});
export type ModelPrice = z.output<typeof modelPrice>;

/** Models by configured name; `*` stands for every other. A model without a price costs 1 per picture. */
export type Prices = Readonly<Record<string, ModelPrice>>;

type Priced = Pick<ImageRequest, 'model' | 'operation' | 'parameters'>;

export interface Pricing {
  /** Units for one picture, before it is made. */
  perPicture(request: Priced): number;
  /** Units that pictures came to. */
  costOf(made: {
    readonly model: string;
    readonly pictures: number;
    readonly perPicture: number;
    readonly usage: UpstreamUsage | null;
  }): number;
}

const DEFAULT: ModelPrice = { units: 1, prices: [], byUsage: false };
const tokens = z.object({ total_tokens: z.int().min(0).max(1_000_000_000) });

export function createPricing(prices: Prices): Pricing {
  const priceOf = (model: string) => (Object.hasOwn(prices, model) ? prices[model] : prices['*']) ?? DEFAULT;
  return {
    perPicture({ model, operation, parameters }) {
      const price = priceOf(model);
      const said = (name: string) => (typeof parameters[name] === 'string' ? parameters[name] : 'auto');
      const [size, quality] = [said('size'), said('quality')];
      const line = price.prices.find(
        (one) => (one.size ?? size) === size && (one.quality ?? quality) === quality && (one.operation ?? operation) === operation,
      );
      return line?.units ?? price.units;
    },
    costOf({ model, pictures, perPicture, usage }) {
      const reported = priceOf(model).byUsage ? tokens.safeParse(usage) : null;
      return reported?.success === true ? reported.data.total_tokens : pictures * perPicture;
    },
  };
}

/** What was set aside for one generation. */
export interface Charged {
  readonly what: 'images' | 'cost';
  readonly model: string;
  readonly pictures: number;
  readonly perPicture: number;
}

/**
 * What a generation comes to, once it is known how it ended. Pictures that nobody got are not counted as pictures; cost is what was made, whoever got
 * it; failures of ours or of the model cost nothing. Null: what stands there stays, because a person decided about what had been charged before.
 */
export function truthOf({ what, model, pictures, perPicture }: Charged, outcome: Outcome, rules: ChargeRules): number | null {
  const { pricing, chargeHeld } = rules;
  const cost = (made: number, usage: UpstreamUsage | null) =>
    what === 'images' ? made : pricing.costOf({ model, pictures: made, perPicture, usage });
  switch (outcome.kind) {
    case 'published':
      return cost(outcome.artifacts.length, outcome.usage);
    case 'held':
      if (outcome.rendering === null || !chargeHeld) return 0;
      return cost(outcome.rendering.revisedPrompts.length, outcome.rendering.usage);
    case 'refused':
      if (outcome.refusal.stage === 'review') return null;
      return what === 'cost' && outcome.refusal.stage === 'output' && outcome.refusal.by === 'policy' ? pictures * perPicture : 0;
    case 'failed':
      return 0;
  }
}

/** Units of cost of a generation that ended so, whether or not a limit counts them. Null: a person refused it; it costs what it did while it was held. */
export function costOfGeneration(request: Priced & Pick<ImageRequest, 'n'>, outcome: Outcome, rules: ChargeRules): number | null {
  const { model, n: pictures } = request;
  return truthOf({ what: 'cost', model, pictures, perPicture: rules.pricing.perPicture(request) }, outcome, rules);
}

export interface ChargeRules {
  readonly pricing: Pricing;
  /** Whether pictures that wait for a person count. */
  readonly chargeHeld: boolean;
}
