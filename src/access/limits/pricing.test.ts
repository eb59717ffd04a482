import { describe, expect, it } from 'vitest';
import { aRequest } from '../../contracts/stages.fixture.ts';
import type { Outcome, RefusalFacts } from '../../contracts/stages.ts';
import { costOfGeneration, createPricing, modelPrice, truthOf } from './pricing.ts';

const prices = {
  studio: modelPrice.parse({
    units: 4,
    byUsage: true,
    prices: [
      { quality: 'high', size: '1024x1024', units: 17 },
      { quality: 'high', units: 25 },
    ],
  }),
  '*': modelPrice.parse({ units: 2 }),
};
const pricing = createPricing(prices);
const charged = { what: 'cost', model: 'studio', pictures: 3, perPicture: 4 } as const;
const artifact = { id: 'art_1', format: 'png', sha256: '' } as const;
const published = (count: number, usage: Record<string, unknown> | null): Outcome => ({
  kind: 'published',
  createdAt: '',
  decisionId: 'dec_1',
  policy: 'p',
  artifacts: Array.from({ length: count }, () => artifact),
  usage,
  details: {},
  notes: [],
});
const refusal = (more: Partial<RefusalFacts>): RefusalFacts => ({
  decisionId: 'dec_1',
  stage: 'prompt',
  categories: [],
  policy: 'p',
  by: 'policy',
  ...more,
});
const rendering = { usage: null, modelVersion: '1', details: {}, notes: [], revisedPrompts: [null, null] };
const held = (made: typeof rendering | null): Outcome => ({
  kind: 'held',
  caseId: 'case_1',
  refusal: refusal({ stage: 'output' }),
  rendering: made,
});

describe('what a generation costs', () => {
  it.each([
    [{ quality: 'high', size: '1024x1024' }, 17],
    [{ quality: 'high' }, 25],
    [{ quality: 'low' }, 4],
  ])('goes by the first line that fits %o', (parameters, units) => {
    expect(pricing.perPicture(aRequest({ parameters }))).toBe(units);
  });

  it('is that of any other model where none stands for it, and one a picture without a table', () => {
    expect([pricing.perPicture(aRequest({ model: 'constructor' })), createPricing({}).perPicture(aRequest())]).toEqual([2, 1]);
  });

  it.each([
    ['what the upstream says', published(3, { total_tokens: 700 }), { cost: 700, images: 3 }],
    ['by picture where it says nothing that could be', published(2, { total_tokens: -5 }), { cost: 8, images: 2 }],
    ['nothing when the prompt was refused', { kind: 'refused', refusal: refusal({}) }, { cost: 0, images: 0 }],
    ['all that was made when the pictures were', { kind: 'refused', refusal: refusal({ stage: 'output' }) }, { cost: 12, images: 0 }],
    ['nothing when the model refused', { kind: 'refused', refusal: refusal({ stage: 'output', by: 'model' }) }, { cost: 0, images: 0 }],
    ['nothing when it failed', { kind: 'failed', code: 'MODEL_FAILED' }, { cost: 0, images: 0 }],
    [
      'what stands there when a person refused it',
      { kind: 'refused', refusal: refusal({ stage: 'review' }) },
      { cost: null, images: null },
    ],
    ['nothing while its prompt is held', held(null), { cost: 0, images: 0 }],
    ['what was made while its pictures are held', held(rendering), { cost: 8, images: 2 }],
  ] satisfies [string, Outcome, object][])('is %s', (_, outcome, expected) => {
    const rules = { pricing, chargeHeld: true };
    const truth = {
      cost: truthOf(charged, outcome, rules),
      images: truthOf({ ...charged, what: 'images', perPicture: 1 }, outcome, rules),
    };
    expect(truth).toEqual(expected);
  });

  it('is nothing while its pictures are held, where reviews are not charged; and can be had without a limit', () => {
    expect(costOfGeneration(aRequest({ n: 2 }), held(rendering), { pricing, chargeHeld: false })).toBe(0);
    expect(costOfGeneration(aRequest({ n: 2 }), published(2, null), { pricing, chargeHeld: false })).toBe(8);
  });
});
