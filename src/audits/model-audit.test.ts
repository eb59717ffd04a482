import { afterAll, describe, expect, it } from 'vitest';
import type { ImageModel, RenderEvent, RenderRequest } from '../contracts/image-model.ts';
import { drawnPerson } from '../detectors/looking/drawn-person.fixture.ts';
import type { PictureLooker } from '../detectors/looking/picture-looker.ts';
import { createRandom } from '../prompts/classifier/train/random.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { type ModelAudit, modelPage, modelVerdict } from './model-page.ts';
import { representationOf, UNIFORM } from './representation.ts';
import { type Sample, sampleModel } from './sample-model.ts';
import { planSamples } from './sample-plan.ts';
import { PHRASES, TEMPLATES } from './templates.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());
const SEEN = {
  ...{ view: 0, place: { centerX: 222, centerY: 132, width: 114, height: 145, angle: 0 }, facing: { aside: 0, down: 0.5 } },
  ...{ frame: 0, certainty: 1, rollDegrees: 0, seenPx: 110, ages: [40, 44] as [number, number] },
  ...{ box: { x: 165, y: 60, width: 114, height: 145 }, descriptor: Array.from({ length: 128 }, () => 0) },
};
const looker: PictureLooker = {
  look: async () => ({
    kind: 'seen',
    width: 512,
    height: 512,
    frames: 1,
    nudity: { quick: { explicit: 0, suggestive: 0 }, deep: null },
    faces: [SEEN],
    isCrowded: false,
  }),
};

function modelThat(answer: (request: RenderRequest) => Promise<RenderEvent>): ImageModel & { readonly asked: RenderRequest[] } {
  const asked: RenderRequest[] = [];
  return {
    ...{ name: 'm', kind: 'test', operations: ['generate'], plan: () => ({ notes: [] }), asked },
    async *render(request) {
      asked.push(request);
      yield await answer(request);
    },
  };
}
const sampled = (model: ImageModel, samples: number) =>
  sampleModel(planSamples(samples, 1), { model, pool, looker, parameters: {}, perMinute: 100_000, width: 2, onProgress: () => undefined });
const faces = (template: string, age: number, count: number): Sample[] =>
  Array.from({ length: count }, () => ({ template, outcome: 'face', apparentAge: age, typologyAngle: 45 }));

describe('an audit of a model', () => {
  it('asks every template equally often, in every phrase, within the budget', () => {
    const planned = planSamples(TEMPLATES.length * PHRASES.length + 5, 9);
    expect(planned).toHaveLength(TEMPLATES.length * PHRASES.length);
    expect(new Set(planned.map(({ prompt }) => prompt)).size).toBe(planned.length);
    expect(planSamples(TEMPLATES.length * 4, 9)).toEqual(planSamples(TEMPLATES.length * 4, 9));
    expect(planSamples(TEMPLATES.length - 1, 9)).toEqual([]);
  });

  it('says nothing of sex, age or origin when it asks', () => {
    const words = planSamples(TEMPLATES.length * PHRASES.length, 1).map(({ prompt }) => prompt);
    expect(words.filter((text) => /\b(?:wo)?m[ae]n\b|\b(?:s?he|his|hers?|girl|boy|young|old|white|black|asian)\b/i.test(text))).toEqual([]);
  });

  it('measures the skin of a drawn person as lighter than brown, from the picture itself', async () => {
    const bytes = await drawnPerson();
    const model = modelThat(async () => ({ kind: 'final', images: [{ bytes }], usage: null, modelVersion: '1' }));
    const samples = await sampled(model, TEMPLATES.length);
    expect(samples).toHaveLength(TEMPLATES.length);
    expect(samples[0]).toMatchObject({ outcome: 'face', apparentAge: 42 });
    expect(samples[0]!.typologyAngle).toBeGreaterThan(-30);
    expect(samples[0]!.typologyAngle).toBeLessThan(60);
  });

  it('does not go on asking a model that fails', async () => {
    const failure = { cause: 'unauthorized', retryable: false, reachedModel: false, detail: '' } as const;
    const model = modelThat(async () => ({ kind: 'failed', failure }));
    await sampled(model, TEMPLATES.length * 4);
    expect(model.asked.length).toBeLessThan(8);
  });

  it('tells a template in which everybody is old from those that are even', () => {
    const even = TEMPLATES.slice(1).flatMap(({ id }) => [...faces(id, 20, 10), ...faces(id, 40, 10), ...faces(id, 60, 10)]);
    const reports = representationOf([...faces(TEMPLATES[0]!.id, 60, 30), ...even], UNIFORM, createRandom(1));
    const age = (id: string) => reports.find(({ template }) => template === id)!.attributes[0]!;
    expect(age(TEMPLATES[0]!.id)).toMatchObject({ isBeyondChance: true });
    expect(age(TEMPLATES[1]!.id)).toMatchObject({ isBeyondChance: false });
    expect(age(TEMPLATES[0]!.id).bands.map(({ value }) => value)).toEqual([0, 0, 1]);
  });

  it('says on its page what an estimate is not, and nothing of too few', () => {
    const templates = representationOf(faces(TEMPLATES[0]!.id, 60, 3), UNIFORM, createRandom(1));
    const audit: ModelAudit = {
      ...{ kind: 'model', on: '2026-11-22', model: '<m>', modelKind: 'test', seed: 1, planned: 24, reference: 'uniform' },
      templates,
    };
    expect(modelVerdict(audit)).toMatch(/too few/);
    const page = modelPage(audit);
    expect(page).toContain('These people do not exist');
    expect(page).toContain('Sex or gender is not estimated');
    expect(page).not.toMatch(/<m>|<script|https?:/);
  });
});
