import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { expect } from 'vitest';
import { z } from 'zod';
import type { TestGateway } from './gateway.ts';

/** The body of an answer, parsed: a shape that is not promised fails the test. */
export async function jsonOf<Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(await response.json());
}

/** OpenAI's error object with our own inside. */
export const errorObject = z.strictObject({
  message: z.string().min(1),
  type: z.string(),
  param: z.string().nullable(),
  code: z.string(),
  moderation_details: z.strictObject({ moderation_stage: z.string(), categories: z.array(z.string()) }).optional(),
  imprimatur: z.looseObject({
    request_id: z.string().regex(/^req_/),
    retry: z.string(),
    generation_id: z.string().optional(),
    case_id: z.string().optional(),
    decision_id: z.string().optional(),
  }),
});

/** The error of an answer that must be one. */
export async function errorOf(response: Response): Promise<z.output<typeof errorObject>> {
  expect(response.ok).toBe(false);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return (await jsonOf(response, z.strictObject({ error: errorObject }))).error;
}

export const imagesBody = z.looseObject({
  data: z.array(z.looseObject({ b64_json: z.string().optional(), url: z.string().optional() })),
});

/** A job as `GET /v1/generations/:id` shows it. */
export const generationBody = z.looseObject({
  object: z.literal('generation'),
  id: z.string().regex(/^gen_/),
  status: z.string(),
  case_id: z.string().optional(),
  decision_id: z.string().optional(),
  policy: z.string().optional(),
  data: z.array(z.looseObject({ artifact_id: z.string(), url: z.string(), sha256: z.string() })).optional(),
  error: errorObject.optional(),
});

const verifyBody = z.looseObject({
  verdict: z.string(),
  sha256: z.string(),
  c2pa: z.looseObject({ state: z.string() }),
  record: z.looseObject({ artifact_id: z.string(), generation_id: z.string(), published_sha256: z.string() }).nullable(),
});

export const bytesOf = (image: { b64_json?: string | undefined } | undefined) => Buffer.from(image?.b64_json ?? '', 'base64');
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
export const dataUrl = (bytes: Uint8Array, type = 'image/png') => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
export const fileOf = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)]);

/** What the gateway itself says of a file to an operator. */
export async function verdictOf(gateway: TestGateway, bytes: Uint8Array): Promise<z.output<typeof verifyBody>> {
  const form = new FormData();
  form.append('file', fileOf(bytes), 'picture');
  return jsonOf(await gateway.fetch('/v1/verify', { method: 'POST', body: form, surface: 'operator' }), verifyBody);
}

/** A picture that left: signed under our certificate, and exactly the bytes that we wrote down. */
export async function expectOurs(gateway: TestGateway, bytes: Uint8Array): Promise<void> {
  const { verdict, record, c2pa } = await verdictOf(gateway, bytes);
  expect({ verdict, state: c2pa.state, sha256: record?.published_sha256 }).toEqual({
    verdict: 'ours-intact',
    state: 'trusted',
    sha256: sha256(bytes),
  });
}

/** Database, evidence and ledger agree, and no generation was left running. */
export async function expectWhole(gateway: TestGateway): Promise<void> {
  const answer = await gateway.post('/v1/fsck', {}, { surface: 'operator' });
  const { flaws } = await jsonOf(answer, z.object({ flaws: z.array(z.unknown()) }));
  expect(flaws).toEqual([]);
  expect(await countOf(gateway, "generations where state in ('running', 'interrupted')")).toBe(0);
}

/** How many rows `from` has; the only look behind the API that tests take. */
export async function countOf({ gateway }: TestGateway, from: string): Promise<number> {
  const { rows } = await gateway.parts.db.query({ text: `select count(*) as n from ${from}` });
  return z.object({ n: z.coerce.number() }).parse(rows[0]).n;
}

/** By how many of 255 levels two pictures of one size differ. An invisible mark changes a few levels here and there. */
export async function changesBetween(before: Uint8Array, after: Uint8Array) {
  const [a, b] = await Promise.all([before, after].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()));
  const changes = Array.from(a!, (level, at) => Math.abs(level - (b![at] ?? Number.NaN)));
  return { most: Math.max(...changes), rms: Math.sqrt(changes.reduce((sum, change) => sum + change ** 2, 0) / changes.length) };
}
