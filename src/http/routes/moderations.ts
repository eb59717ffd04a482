import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { CheckInput } from '../../contracts/check.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId } from '../../contracts/ids.ts';
import { fromDataUrls } from '../../ingest/input-images.ts';
import { moderationResult } from '../../reply/moderation-result.ts';
import { type Authenticate, anyKey } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
]);

const body = z
  .looseObject({
    model: z.string().optional(),
    input: z.union([z.string(), z.array(z.string()).min(1).max(256), z.array(part).min(1).max(16)]),
  })
  .meta({ id: 'ModerationRequest' });

type Input = z.output<typeof body>['input'];
type Part = z.output<typeof part>;

/** OpenAI's moderations endpoint over our own checks: the same ones that judge generations, so they cannot differ. */
export function moderationsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { checks, policy, config } = parts;

  async function judge(subjects: readonly CheckInput[]) {
    const { findings, expected } = await checks.run(subjects);
    if (findings.some(({ kind }) => kind === 'failed')) throw new ImprimaturError('CHECK_FAILED');
    const verdict = policy.evaluate({
      stage: 'prompt',
      surface: subjects[0]?.surface ?? '',
      operation: 'generate',
      findings,
      expected,
      at: new Date(),
    });
    return moderationResult(findings, verdict.action !== 'allow' && verdict.action !== 'label');
  }

  return async (app) => {
    app.addHook('onRequest', anyKey(authenticate));
    route(app, {
      method: 'POST',
      url: '/v1/moderations',
      tag: 'Moderations',
      summary: 'What our checks say about texts and pictures',
      body,
      handler: async ({ body: { input } }, request) => {
        const { principal } = request;
        const surface = principal?.kind === 'caller' ? principal.caller.surface : 'operator';
        const groups = subjectsOf(input, surface, config.values.maxUploadBytes);
        return { id: newId('modr'), model: 'imprimatur', results: await Promise.all(groups.map(judge)) };
      },
    });
  };
}

/** One result for each text; a list of parts is one input. */
function subjectsOf(input: Input, surface: string, maxBytes: number): readonly (readonly CheckInput[])[] {
  if (typeof input === 'string') return [[textSubject(input, surface)]];
  const texts: string[] = [];
  const parts: Part[] = [];
  for (const item of input) {
    if (typeof item === 'string') texts.push(item);
    else parts.push(item);
  }
  if (parts.length === 0) return texts.map((text) => [textSubject(text, surface)]);
  const prompt = parts.flatMap((item) => (item.type === 'text' ? [item.text] : [])).join('\n');
  const images = parts.flatMap((item) => (item.type === 'image_url' ? [{ image_url: item.image_url.url }] : []));
  const uploads = fromDataUrls(images, null, maxBytes);
  return [
    [
      textSubject(prompt, surface),
      ...uploads.map(({ bytes }, index) => ({ subject: { kind: 'input_image' as const, index }, prompt, surface, image: bytes })),
    ],
  ];
}

function textSubject(prompt: string, surface: string): CheckInput {
  return { subject: { kind: 'prompt' }, prompt, surface };
}
