import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { aDecision, aPrechecked, aSubmission, clearedForTest } from '../contracts/stages.fixture.ts';
import type { ImageRequest } from '../contracts/submission.ts';
import { GRADIENT } from '../models/job-upstream.fixture.ts';
import { LEAST_SETTINGS } from '../models/kinds.fixture.ts';
import { MODEL_KINDS } from '../models/model-kinds.ts';
import { Bench, eventsOf, input, type ReceivedRequest } from '../models/upstream.fixture.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, policyText } from '../policy/policy.fixture.ts';
import { toRenderRequest } from './render-request.ts';

const bench = new Bench();
afterEach(() => bench.close());
const policy = loadPolicy(await policyText('standard'), { checks: CHECKS });
const parts = { policy, models: new Map(), pseudonymOf: () => null };

/** A caller who wants much and says so; an operator whose own settings are loose. */
interface Loose {
  readonly settings?: object;
  readonly operation?: 'generate' | 'edit';
  readonly parameters: ImageRequest['parameters'];
}

/** What the upstream of this kind is sent last, and what the caller is told. The upstream's answers are of no use; nobody needs them here. */
async function ask(kind: string, { settings = {}, operation = 'generate', parameters }: Loose, isConservative: boolean) {
  const upstream = await bench.upstream((response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"in.png"}'),
  );
  const model = MODEL_KINDS[kind]?.create({
    name: 'studio',
    settings: { baseUrl: upstream.baseUrl, deadlineMs: 5_000, ...LEAST_SETTINGS[kind], ...settings },
    parts: { outbound: bench.outbound(), isBlack: async () => false },
  });
  if (model === undefined) throw new Error(`there is no kind ${kind}`);
  const inputs = operation === 'edit' ? [input(GRADIENT)] : [];
  const submission = aSubmission({ request: { operation, inputs, n: 3, parameters } });
  const plain = aDecision('allow', { stage: 'prompt' });
  const decision = isConservative ? { ...plain, obligations: { ...plain.obligations, conservative: true as const } } : plain;
  const { request, notes } = toRenderRequest(clearedForTest(aPrechecked(submission), decision), model, parts);
  await eventsOf(model, request);
  const told = (what: 'clamped' | 'unsupported') => notes.filter((note) => note.what === what).map(({ name, to }) => `${name}=${to ?? ''}`);
  return { sent: await fieldsOf(upstream.received.at(-1)), clamped: told('clamped'), unsupported: told('unsupported') };
}

async function fieldsOf(sent: ReceivedRequest | undefined): Promise<Record<string, unknown>> {
  const type = sent?.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) return JSON.parse(sent?.body.toString() ?? '{}');
  const form = await new Response(new Uint8Array(sent?.body ?? []), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries([...form.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : value.type]));
}

const OURS_AND_THEIRS = expect.stringMatching(/^nudity, .*celebrity, cats$/);
const REWORK = {
  workflow: fileURLToPath(new URL('../models/comfyui/fixtures/rework.json', import.meta.url)),
  slots: {
    prompt: { at: '6.text', type: 'text' },
    negative_prompt: { at: '7.text', type: 'text', maxLength: 100 },
    denoise: { at: '3.denoise', type: 'number', min: 0, max: 1 },
    image: { at: '10.image', type: 'image' },
  },
};
const node = (inputs: object) => expect.objectContaining({ inputs: expect.objectContaining(inputs) });

/** By kind: loose wishes, what care makes of them upstream, and what of it the caller is told. */
const CARE: Readonly<Record<string, readonly (Loose & { readonly sent: object; readonly told: readonly string[] })[]>> = {
  openai: [
    {
      parameters: { size: '1536x1024', moderation: 'low', background: 'transparent' },
      sent: { n: 1, size: '1024x1024', moderation: 'auto', background: 'opaque' },
      told: ['n=1', 'size=1024x1024', 'background=opaque'],
    },
    { operation: 'edit', parameters: { input_fidelity: 'high' }, sent: { n: '1', input_fidelity: 'low' }, told: ['input_fidelity=low'] },
  ],
  xai: [
    {
      parameters: { resolution: '2k', size: '1792x1024' },
      sent: { n: 1, resolution: '1k', aspect_ratio: '1:1' },
      told: ['n=1', 'resolution=1k', 'size=1024x1024'],
    },
  ],
  stability: [
    {
      operation: 'edit',
      parameters: { strength: 0.95, negative_prompt: 'cats' },
      sent: { strength: '0.5', negative_prompt: OURS_AND_THEIRS },
      told: ['strength=0.5', 'negative_prompt=stricter'],
    },
  ],
  automatic1111: [
    {
      operation: 'edit',
      parameters: { denoising_strength: 0.95, negative_prompt: 'cats', width: 2048, height: 1152 },
      sent: { n_iter: 1, denoising_strength: 0.5, negative_prompt: OURS_AND_THEIRS, width: 1024, height: 1024 },
      told: ['n=1', 'denoising_strength=0.5', 'negative_prompt=stricter', 'width=1024', 'height=1024'],
    },
  ],
  comfyui: [
    {
      settings: REWORK,
      operation: 'edit',
      parameters: { denoise: 1, negative_prompt: 'cats '.repeat(20) },
      // Together too long for the slot: the end of it is cut off, and that is not ours.
      sent: { prompt: expect.objectContaining({ 3: node({ denoise: 0.5 }), 7: node({ text: expect.stringMatching(/^nudity, .{92}$/) }) }) },
      told: ['denoise=0.5', 'negative_prompt=stricter'],
    },
  ],
  replicate: [
    {
      settings: { imageField: 'image', input: { disable_safety_checker: true, safety_tolerance: 5, prompt_strength: 0.95 } },
      operation: 'edit',
      parameters: { negative_prompt: 'cats' },
      sent: {
        input: expect.objectContaining({
          disable_safety_checker: false,
          safety_tolerance: 1,
          prompt_strength: 0.5,
          negative_prompt: OURS_AND_THEIRS,
        }),
      },
      told: ['n=1', 'negative_prompt=stricter'],
    },
  ],
  fal: [
    {
      settings: { imageField: 'image_url', parameters: ['strength', 'negative_prompt'], input: { enable_safety_checker: false } },
      operation: 'edit',
      parameters: { strength: 0.95, negative_prompt: 'cats', size: '2048x2048' },
      sent: {
        num_images: 1,
        enable_safety_checker: true,
        strength: 0.5,
        negative_prompt: OURS_AND_THEIRS,
        image_size: { width: 1024, height: 1024 },
      },
      told: ['n=1', 'strength=0.5', 'negative_prompt=stricter', 'size=1024x1024'],
    },
    // An operator who fixed other settings did not mean to switch the checker off.
    { settings: { input: { seed: 1 } }, parameters: {}, sent: { enable_safety_checker: true, seed: 1 }, told: ['n=1'] },
  ],
  bfl: [
    {
      settings: { safetyTolerance: 6 },
      parameters: { size: '1440x1024' },
      sent: { safety_tolerance: 0, width: 1024, height: 1024 },
      told: ['n=1', 'size=1024x1024'],
    },
  ],
  gemini: [
    {
      parameters: {},
      sent: {
        safetySettings: ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT'].map((harm) => ({
          category: `HARM_CATEGORY_${harm}`,
          threshold: 'BLOCK_LOW_AND_ABOVE',
        })),
      },
      told: ['n=1'],
    },
  ],
  bedrock: [
    {
      operation: 'edit',
      parameters: { strength: 0.95, negative_prompt: 'cats' },
      sent: { strength: 0.5, negative_prompt: OURS_AND_THEIRS },
      told: ['strength=0.5', 'negative_prompt=stricter'],
    },
    {
      settings: { family: 'nova' },
      operation: 'edit',
      parameters: { size: '2048x2048' },
      sent: {
        imageVariationParams: expect.objectContaining({ negativeText: expect.stringMatching(/^nudity/) }),
        imageGenerationConfig: { numberOfImages: 1, width: 1024, height: 1024 },
      },
      told: ['n=1', 'negative_prompt=stricter', 'size=1024x1024'],
    },
  ],
};

it('every kind of model has its row here', () => {
  expect(Object.keys(CARE).toSorted()).toEqual(Object.keys(MODEL_KINDS).toSorted());
});

describe.each(Object.entries(CARE))('a request that policy wants made with care, to %s', (kind, cases) => {
  it.each(cases)('is sent with its strictest settings ($parameters), and the caller is told', async ({ sent, told, ...loose }) => {
    const careful = await ask(kind, loose, true);
    expect(careful.sent).toMatchObject(sent);
    expect(careful.clamped).toEqual(expect.arrayContaining(['conservative=on', ...told]));
    expect(JSON.stringify(careful.clamped)).not.toMatch(/cats|nudity/);
  });

  it.each(cases)('is not said to be stricter where the model has no place for it ($parameters)', async ({ sent, told: _, ...loose }) => {
    const { clamped, unsupported } = await ask(kind, loose, true);
    expect(clamped.filter((note) => unsupported.some((name) => note.startsWith(name)))).toEqual([]);
    const carefree = await ask(kind, loose, false);
    expect(carefree.sent).not.toMatchObject(sent);
    expect(carefree.clamped).not.toContain('conservative=on');
  });
});

it('a caller’s parameter of that name does not hide that a request is made with care', async () => {
  const { clamped } = await ask('xai', { parameters: { conservative: 'off' } }, true);
  expect(clamped).toContain('conservative=on');
});

it('an upstream without a place for a stricter setting is named for it, and only for that', async () => {
  const { clamped, unsupported } = await ask('bedrock', { settings: { family: 'nova' }, operation: 'edit', parameters: {} }, true);
  expect([clamped.includes('strength=0.5'), unsupported]).toEqual([false, ['strength=']]);
});
