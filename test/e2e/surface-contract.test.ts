import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type PictureWay, pictureWays, surfacesPage } from '../../tools/surfaces-page.ts';
import { dataUrl, errorObject, fileOf, generationBody, jsonOf } from './answers.ts';
import { known } from './planted-checks.ts';
import { useStudio } from './studio.ts';
import { neutralPicture } from './upstream.ts';
import { settledJob } from './waiting.ts';

const studio = useStudio({ planted: true });

/** How a prompt is put to each way; a new way without an entry fails the test. */
const ASK: Readonly<Record<string, (prompt: string, picture: Buffer, isStream: boolean) => FormData | object>> = {
  'application/json /v1/images/generations': (prompt, _picture, stream) => ({ prompt, stream }),
  'application/json /v1/images/edits': (prompt, picture, stream) => ({ prompt, stream, images: [{ image_url: dataUrl(picture) }] }),
  'multipart/form-data /v1/images/edits': (prompt, picture, stream) => form({ prompt, stream: String(stream) }, picture),
  'multipart/form-data /v1/images/variations': (_prompt, picture) => form({}, picture),
  'application/json /v1/generations': (prompt) => ({ prompt }),
  'application/json /v1/responses': (prompt, _picture, stream) => ({ input: prompt, stream, tools: [{ type: 'image_generation' }] }),
  'application/json /v1/chat/completions': (prompt, _picture, stream) => ({ stream, messages: [{ role: 'user', content: prompt }] }),
};

function form(fields: Record<string, string>, picture: Buffer): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('image', fileOf(picture), 'picture.png');
  return data;
}

/** What came of a question, in words that mean the same on every way. */
async function ask({ path, body, answer }: PictureWay, prompt: string, hue: number) {
  const asked = ASK[`${body} ${path}`]?.(prompt, await neutralPicture('png', 64, hue), answer === 'stream');
  if (asked === undefined) throw new Error(`No contract for POST ${path} with ${body}: add how it is asked.`);
  const isForm = asked instanceof FormData;
  const response = await studio.gateway.fetch(path, {
    method: 'POST',
    body: isForm ? asked : JSON.stringify(asked),
    headers: { ...(isForm ? {} : { 'content-type': 'application/json' }), ...(answer === 'job' ? { prefer: 'respond-async' } : {}) },
  });
  if (answer === 'job' && response.status === 202) {
    const { status, data, error } = await settledJob(studio.gateway, (await jsonOf(response, generationBody)).id);
    return { pictures: status === 'published' ? (data?.length ?? 0) : 0, ...(error === undefined ? {} : factsOf(error)) };
  }
  const text = await response.text();
  if (response.ok) return { pictures: /base64,iVBOR|"(b64_json|result)":"iVBOR/.test(text) ? 1 : 0, ...failureIn(text) };
  const { error } = z.object({ error: errorObject }).parse(JSON.parse(text));
  return { pictures: 0, ...factsOf(error) };
}

/** An error event in a stream. */
function failureIn(text: string) {
  const event = /event: error\ndata: (.*)\n/.exec(text)?.[1];
  return event === undefined ? {} : factsOf(z.object({ error: errorObject }).parse(JSON.parse(event)).error);
}

function factsOf({ code, moderation_details: details, imprimatur }: z.output<typeof errorObject>) {
  return {
    code,
    stage: details?.moderation_stage,
    categories: details?.categories,
    retry: imprimatur.retry,
    isCase: imprimatur.case_id !== undefined,
    isDecided: imprimatur.decision_id !== undefined,
  };
}

describe('every way to a model', () => {
  let openapi: unknown;
  let ways: readonly PictureWay[] = [];
  beforeAll(async () => {
    openapi = await (await studio.gateway.fetch('/openapi.json')).json();
    ways = pictureWays(openapi);
  });

  it('stands in docs/surfaces.md, and there are fourteen or more', () => {
    expect(ways.length).toBeGreaterThanOrEqual(14);
    expect(readFileSync('docs/surfaces.md', 'utf8')).toBe(surfacesPage(ways));
  });

  it('is marked as one: no other route can be called with a key of a surface and a prompt', () => {
    const marked = new Set(ways.map(({ path }) => path));
    const paths = z.looseObject({ paths: z.record(z.string(), z.looseObject({ post: z.unknown().optional() })) }).parse(openapi).paths;
    const takesPrompt = Object.entries(paths).filter(([, { post }]) => /"(prompt|messages|input)":\{/.test(JSON.stringify(post ?? {})));
    const others = takesPrompt.map(([path]) => path).filter((path) => !marked.has(path));
    // Judges texts, and has no model behind it; teaches the classifier, for staff alone.
    expect(others.filter((path) => !['/v1/moderations', '/v1/classifier/labels'].includes(path))).toEqual([]);
  });

  const decided = { retry: 'no', isCase: false, isDecided: true };
  it.each([
    ['gives a picture for what is harmless', 'a red ball on grass', 0, { pictures: 1 }, false],
    ['blocks the same prompt', 'naked schoolgirl', 0, { pictures: 0, code: 'moderation_blocked', stage: 'input', ...decided }, true],
    [
      'holds a prompt that names a living public figure',
      'Angela Merkel plants a tree',
      0,
      { pictures: 0, code: 'review_required', stage: 'input', retry: 'after_review', isCase: true, isDecided: true },
      true,
    ],
    [
      'blocks the same picture',
      'a red ball on sand',
      0.95,
      { pictures: 0, code: 'moderation_blocked', stage: 'output', ...decided },
      false,
    ],
    ['holds the same picture', 'a red ball on snow', 0.6, { pictures: 0, code: 'review_required', stage: 'output', isCase: true }, false],
  ])('%s', async (_what, prompt, score, expected, needsPrompt) => {
    if (score > 0) studio.plant.findInArtifacts(known(score));
    const asked = ways.filter(({ path }) => !(needsPrompt && path.endsWith('/variations')));
    const answers = [];
    for (const [i, way] of asked.entries()) answers.push([way, await ask(way, `${prompt} ${i}`, i)] as const);
    for (const [way, answer] of answers) expect({ ...way, ...answer }).toMatchObject({ ...way, ...expected });
    const categories = answers.map(([, answer]) => ('categories' in answer ? answer.categories : undefined));
    expect(new Set(categories.map((found) => JSON.stringify(found))).size).toBe(1);
  });
});
