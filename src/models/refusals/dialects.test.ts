import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NEVER_BLACK, REFUSAL_DIALECTS, type RefusalDialect, recognizeRefusal } from './dialects.ts';
import type { IsBlack } from './recognition.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);
const isDialect = (name: string): name is RefusalDialect => name in REFUSAL_DIALECTS;
const DIALECTS = Object.keys(REFUSAL_DIALECTS).filter(isDialect);

const fixtureSchema = z.object({
  dialect: z.string().refine(isDialect),
  reply: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown(),
    images: z.array(z.enum(['black', 'gradient', 'unreadable'])),
  }),
  expect: z.looseObject({ kind: z.enum(['refused', 'failed']) }).nullable(),
});

const fixtures = readdirSync(FIXTURES).map((file) => ({
  file,
  ...fixtureSchema.parse(JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'))),
}));

/** Stands for the worker: the fixture's pictures are named, not drawn. */
const isBlack: IsBlack = async (bytes) => {
  const name = Buffer.from(bytes).toString();
  if (name === 'unreadable') throw new Error('the worker died');
  return name === 'black';
};

describe('refusal dialects', () => {
  it.each(fixtures)('reads $file as what it is', async ({ dialect, reply, expect: expected }) => {
    const images = reply.images.map((name) => Buffer.from(name));
    const recognition = await REFUSAL_DIALECTS[dialect]({ ...reply, images }, isBlack);
    if (expected === null) expect(recognition).toBeNull();
    else expect(recognition).toMatchObject(expected);
    expect(JSON.stringify(recognition)).not.toContain('must not be kept');
  });

  it.each(DIALECTS)('%s has a refusal and a look-alike among the fixtures', (dialect) => {
    const kinds = fixtures.filter((fixture) => fixture.dialect === dialect).map((fixture) => fixture.expect?.kind ?? 'none');
    expect(kinds).toContain('refused');
    expect(kinds).toContain('none');
  });

  it('never blames the user for an account block, although its text speaks of the content policy', async () => {
    const block = fixtures.find(({ file }) => file === 'azure-account-block.json');
    const reply = { status: 403, headers: {}, images: [], body: block?.reply.body };
    for (const dialects of [['content_policy'], ['xai'], DIALECTS] as const) {
      expect(await recognizeRefusal(reply, { dialects, isBlack })).toMatchObject({ refusal: { stage: 'account' } });
    }
  });

  it('keeps a category word only while it can be one', async () => {
    const categories = ['violence', 'violence', 'x'.repeat(80), 'draw a\nthing', 7, null, ...Array.from({ length: 40 }, (_, i) => `w${i}`)];
    const error = { code: 'moderation_blocked', moderation_details: { moderation_stage: 'input', categories } };
    const recognition = await REFUSAL_DIALECTS.openai_moderation({ status: 400, headers: {}, body: { error }, images: [] });
    const words = recognition?.kind === 'refused' ? recognition.refusal.upstreamCategories : [];
    expect(words).toHaveLength(16);
    expect(words.slice(0, 2)).toEqual(['violence', 'w0']);
  });

  it('never throws, whatever an upstream sends', async () => {
    const values = fc.anything({ maxDepth: 4, withNullPrototype: true });
    const bodies = fixtures.map(({ reply }) => reply.body).filter((body) => typeof body === 'object' && body !== null);
    const broken = fc
      .constantFrom(...bodies)
      .chain((body) => fc.constantFrom(...Object.keys(body)).chain((key) => values.map((value): unknown => ({ ...body, [key]: value }))));
    const statuses = fc.constantFrom(200, 400, 403, 422, 500);
    await fc.assert(
      fc.asyncProperty(fc.oneof(values, broken), statuses, async (body, status) => {
        for (const dialect of DIALECTS) await REFUSAL_DIALECTS[dialect]({ status, headers: {}, body, images: [] }, NEVER_BLACK);
      }),
      { numRuns: 500 },
    );
  });
});
