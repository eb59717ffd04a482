import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ERROR_CODES } from '../../src/contracts/errors.ts';
import { errorOf, jsonOf } from './answers.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const operation = z.looseObject({
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});
const openApi = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.enum(['get', 'post', 'put', 'delete', 'patch']), operation.optional())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()), securitySchemes: z.record(z.string(), z.unknown()) }),
  security: z.array(z.unknown()).min(1),
});

let upstream: Upstream;
let gateway: TestGateway;
let document: z.output<typeof openApi>;
let operations: { path: string; method: string; facts: z.output<typeof operation> }[];
beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startTestGateway({ models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }] });
  document = await jsonOf(await fetch(`${gateway.url}/openapi.json`), openApi);
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, facts]) => (facts === undefined ? [] : [{ path, method, facts }])),
  );
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

describe('/openapi.json', () => {
  it('has every route of the program, and no other', () => {
    const routes = readdirSync('src/http/routes').flatMap((file) => {
      const text = readFileSync(`src/http/routes/${file}`, 'utf8');
      return [...text.matchAll(/method: '([A-Z]+)',\s*url: '([^']+)'/g)].map(
        ([, method = '', url = '']) => `${method} ${url.replace(/:(\w+)/g, '{$1}').replace('*', '{*}')}`,
      );
    });
    expect(routes.length).toBeGreaterThan(20);
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(routes.sort());
  });

  it('is a document that leads nowhere into the void: each reference resolves, each path parameter is described', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, to = '']) => to);
    expect(references.length).toBeGreaterThan(5);
    for (const reference of references) {
      const found = reference.split('/').reduce<unknown>((at, step) => z.record(z.string(), z.unknown()).parse(at)[step], document);
      expect(found, reference).toBeDefined();
    }
    for (const { path, facts } of operations) {
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(
        facts.parameters.filter((one) => one.in === 'path').map(({ name }) => name),
        path,
      ).toEqual(inPath);
    }
  });

  it('describes forms with their files, which the framework does not validate', () => {
    const bodyOf = (path: string) => JSON.stringify(operations.find((one) => one.path === path)?.facts['requestBody'] ?? null);
    expect(bodyOf('/v1/images/edits')).toMatch(/"multipart\/form-data".*"image":\{[^}]*"format":"binary"/);
    expect(bodyOf('/v1/images/edits')).toContain('"application/json"');
    for (const path of ['/v1/images/variations', '/v1/verify', '/v1/content_provenance_checks']) expect(bodyOf(path)).toContain('"binary"');
  });

  it('describes the request of OpenAI with the limits that the gateway keeps', () => {
    const schema = JSON.stringify(document.components.schemas['ImageGenerationRequest']);
    for (const name of ['prompt', 'n', 'size', 'stream', 'partial_images', 'output_format', 'response_format'])
      expect(schema).toContain(`"${name}"`);
    expect(schema).toContain('"maximum":10');
  });

  it('documents every error that an answer can have', () => {
    const error = JSON.stringify(document.components.schemas['Error']);
    for (const code of ERROR_CODES) expect(error).toContain(`"${code.toLowerCase()}"`);
    for (const { facts, path } of operations) expect(Object.keys(facts.responses), path).toEqual(expect.arrayContaining(['4XX', '5XX']));
  });

  it('says truly which routes need a key', async () => {
    for (const { path, method, facts } of operations) {
      const url = `${gateway.url}${path.replace(/\{[^}]+\}/g, 'x')}`;
      const { status } = await fetch(url, { method: method.toUpperCase() });
      expect(status === 401, `${method} ${path} answered ${status}`).toBe(facts.security?.length !== 0);
    }
  });
});

describe('/docs', () => {
  it('shows every route on one page that loads nothing and runs nothing', async () => {
    const answer = await fetch(`${gateway.url}/docs`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    for (const { path } of operations) expect(page).toContain(`<code>${path.replace(/[&<>"']/g, '')}</code>`);
    expect(page).not.toMatch(/<script|src=|@import|url\(/);
  });
});

describe('/metrics', () => {
  it('counts generations by their end, without a word of what was asked for', async () => {
    await gateway.post('/v1/images/generations', { prompt: 'a quexilomar ball' });
    await gateway.post('/v1/images/generations', { prompt: 'naked schoolgirl' });
    const answer = await fetch(`${gateway.url}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const count = (outcome: string) =>
      new RegExp(
        `^imprimatur_generations_total\\{surface="api",model="studio",operation="generate",outcome="${outcome}"\\} (\\d+)$`,
        'm',
      ).exec(text)?.[1];
    expect([count('published'), count('refused')]).toEqual(['1', '1']);
    for (const name of ['imprimatur_generation_seconds', 'imprimatur_http_request_seconds', 'imprimatur_check_failures_total']) {
      expect(text).toContain(`# TYPE ${name}`);
    }
    expect(text).not.toMatch(/quexilomar|schoolgirl|\/v1\/generations\/gen_/);
  });

  it('puts no address that a stranger makes up into a label', async () => {
    await fetch(`${gateway.url}/made-up-quexilomar`);
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).not.toContain('quexilomar');
  });
});

describe('the policy in force', () => {
  it('can be read by anyone, and is the one that answers name', async () => {
    const policy = await jsonOf(
      await fetch(`${gateway.url}/v1/policy`),
      z.looseObject({ name: z.string(), version: z.string(), digest: z.string(), surfaces: z.array(z.string()) }),
    );
    const answer = await gateway.post('/v1/images/generations', { prompt: 'a ball' });
    expect(answer.headers.get('x-imprimatur-policy')).toBe(`${policy.name}@${policy.version}+${policy.digest.slice(0, 19)}`);
    expect(policy.surfaces).toEqual(['chat', 'app', 'api']);
  });
});

describe('health', () => {
  it('/healthz and /readyz answer without a key', async () => {
    expect(await (await fetch(`${gateway.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${gateway.url}/readyz`)).json()).toEqual({ status: 'ready' });
  });

  it('/readyz and requests say no when the database is gone; /healthz still says that the process lives', async () => {
    await gateway.gateway.parts.db.close();
    const ready = await fetch(`${gateway.url}/readyz`);
    expect(ready.status).toBe(503);
    expect((await errorOf(ready)).code).toBe('storage_unavailable');
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    const calls = upstream.calls.length;
    const answer = await gateway.post('/v1/images/generations', { prompt: 'a ball' });
    expect(answer.status).toBe(503);
    expect(upstream.calls).toHaveLength(calls);
  });
});
