import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { CheckInput } from '../../contracts/check.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId } from '../../contracts/ids.ts';
import { fromDataUrls } from '../../ingest/input-images.ts';
import { type About, moderateToJson, textSubject } from '../../moderate.ts';
import { languageIn } from '../../reply/wished-languages.ts';
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

/**
 * OpenAI's moderations endpoint over our own checks: the same ones that judge generations, so they cannot differ. The answer is
 * put together as text: results come as JSON from whichever process judged them.
 */
export function moderationsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', anyKey(authenticate, 'moderations'));
    route(app, {
      method: 'POST',
      url: '/v1/moderations',
      tag: 'Moderations',
      summary: 'What our checks say about texts and pictures',
      body,
      handler: async ({ body: { input } }, request, reply) => {
        const { principal } = request;
        const surface = principal?.kind === 'caller' ? principal.caller.surface : 'operator';
        const about: About = { surface, operation: 'generate', ...languageIn(request.headers['accept-language']) };
        const results = await resultsFor(input, about, parts);
        if (results.includes(null)) throw new ImprimaturError('CHECK_FAILED');
        reply.type('application/json; charset=utf-8');
        return `{"id":"${newId('modr')}","model":"imprimatur","results":[${results.join(',')}]}`;
      },
    });
  };
}

/** JSON of one result for each text; a list of parts is one input. */
async function resultsFor(input: Input, about: About, parts: HttpParts): Promise<readonly (string | null)[]> {
  if (typeof input === 'string') return parts.moderateTexts([input], about);
  const texts: string[] = [];
  const items: Part[] = [];
  for (const item of input) {
    if (typeof item === 'string') texts.push(item);
    else items.push(item);
  }
  if (items.length === 0) return parts.moderateTexts(texts, about);
  return [await moderateToJson(subjectsOf(items, about, parts.config.values.maxUploadBytes), parts)];
}

function subjectsOf(items: readonly Part[], about: About, maxBytes: number): CheckInput[] {
  const prompt = items.flatMap((item) => (item.type === 'text' ? [item.text] : [])).join('\n');
  const images = items.flatMap((item) => (item.type === 'image_url' ? [{ image_url: item.image_url.url }] : []));
  return [
    textSubject(prompt, about),
    ...fromDataUrls(images, null, maxBytes).map(({ bytes }, index) => ({
      ...about,
      subject: { kind: 'input_image' as const, index },
      prompt,
      image: bytes,
    })),
  ];
}
