import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneTemplate } from '../postgres/template.ts';
import { type ChildCommand, startCommand } from './child-command.ts';
import { answerPictures, neutralPicture, startUpstream, type Upstream } from './upstream.ts';

// What must be nowhere: each of these is unlike anything that a program writes by itself.
const PROMPT = 'a ball of quexilomar yarn';
const USER = 'user-zorbatanik';
const KEYS = {
  IMPRIMATUR_BOOTSTRAP_KEY: 'imp_bootstrap_vexomandril_caller',
  IMPRIMATUR_BOOTSTRAP_OPERATOR_KEY: 'imp_bootstrap_vexomandril_operator',
  UPSTREAM_KEY: 'sk-upstream-tiliburna',
};
const WRONG_KEY = 'imp_wrong_krundalepo_wrong';
const WORDS = ['quexilomar', 'zorbatanik', 'vexomandril', 'tiliburna', 'krundalepo'];

let dir: string;
let upstream: Upstream;
let served: ChildCommand;
let url: string;
let picture: Buffer;
const bodies: string[] = [];
const published: Buffer[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imprimatur-secrets-'));
  upstream = await startUpstream();
  picture = await neutralPicture('png', 96, 3);
  const config = join(dir, 'imprimatur.yaml');
  const model = { name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl, apiKey: { env: 'UPSTREAM_KEY' } };
  const gone = { name: 'gone', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1', apiKey: { env: 'UPSTREAM_KEY' } };
  // `debug` is the most that can be logged.
  writeFileSync(config, JSON.stringify({ port: 0, logLevel: 'debug', workers: 1, dataDir: join(dir, 'data'), models: [model, gone] }));
  await cloneTemplate(join(dir, 'data', 'database'), 'migrated');
  served = startCommand(['serve', '--config', config], KEYS);
  url = await served.said(/ready on (http:\S+)/);
  await useItInEveryWay();
  expect(await served.stop()).toBe(0);
}, 90_000);
afterAll(async () => {
  await served?.stop();
  await upstream?.close();
  rmSync(dir, { recursive: true, force: true });
});

let wishes = 0;
async function post(path: string, body: string | FormData, { key = KEYS.IMPRIMATUR_BOOTSTRAP_KEY, type = 'application/json' } = {}) {
  const headers: Record<string, string> = { authorization: `Bearer ${key}`, 'idempotency-key': `wish-${wishes++}` };
  if (typeof body === 'string') headers['content-type'] = type;
  const answer = await fetch(`${url}${path}`, { method: 'POST', body, headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.ok) published.push(bytes);
  else bodies.push(bytes.toString());
  return answer.status;
}

const wish = (more: object = {}) => JSON.stringify({ prompt: PROMPT, user: USER, ...more });

/** Everything that could make the gateway talk: success, refusal, hold, bad input, and a model that repeats what it was told. */
async function useItInEveryWay() {
  const path = '/v1/images/generations';
  upstream.behave((_request, response) => answerPictures(response, [picture]));
  expect(await post(path, wish())).toBe(200);
  expect(await post(path, wish({ prompt: `${PROMPT}, naked schoolgirl` }))).toBe(400);
  expect(await post(path, wish({ n: PROMPT }))).toBe(400);
  expect(await post(path, wish({ model: 'quexilomar' }))).toBe(404);
  expect(await post(path, `{"prompt": "${PROMPT}`)).toBe(400);
  expect(await post(path, wish(), { type: 'text/quexilomar' })).toBe(400);
  expect(await post(path, wish(), { key: WRONG_KEY })).toBe(401);
  expect(await post(path, wish({ model: 'gone' }))).toBe(503);
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(picture)]), 'quexilomar.png');
  form.append('prompt', PROMPT);
  expect(await post('/v1/images/edits', form)).toBe(200);
  const broken = new FormData();
  broken.append('image', new Blob([PROMPT]), 'quexilomar.png');
  broken.append('prompt', PROMPT);
  expect(await post('/v1/images/edits', broken)).toBe(400);
  expect(await post('/v1/moderations', JSON.stringify({ input: PROMPT }))).toBe(200);
  upstream.behave(({ body }, response) => {
    const echo = { error: { message: `${body} ${KEYS.UPSTREAM_KEY}`, code: PROMPT, type: PROMPT } };
    response.writeHead(400, { 'content-type': 'application/json', 'x-echo': 'quexilomar' }).end(JSON.stringify(echo));
  });
  expect(await post(path, wish())).toBe(400);
  upstream.behave(({ body }, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(body));
  expect(await post(path, wish())).toBe(502);
  upstream.behave((_request, response) => void response.destroy());
  expect(await post(path, wish())).toBe(502);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((path) => join(folder, String(path)))
    .filter((path) => statSync(path).isFile());
}

describe('what the gateway says while it works', () => {
  it('it does say something: a line for each request and each generation', () => {
    const events = served
      .stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)['event']);
    expect(events.filter((event) => event === 'request.answered').length).toBeGreaterThan(10);
    expect(events).toEqual(expect.arrayContaining(['gateway.ready', 'generation.ended']));
  });

  it.each(WORDS)('no log line and no line of the terminal holds %s', (word) => {
    expect(served.stderr()).not.toContain(word);
    expect(served.stdout()).not.toContain(word);
  });

  it.each(WORDS)('no error answer repeats %s', (word) => {
    expect(bodies.length).toBeGreaterThan(8);
    for (const body of bodies) expect(body).not.toContain(word);
  });

  it('no log line holds a piece of a picture', () => {
    const encoded = picture.toString('base64');
    for (let at = 40; at < encoded.length - 40; at += 200) expect(served.stderr()).not.toContain(encoded.slice(at, at + 24));
  });

  it('a model name that does not exist is not repeated either', () => {
    expect(bodies.filter((body) => body.includes('model_unknown'))).toHaveLength(1);
  });
});

describe('what lies on the disk', () => {
  it('no file of the data directory holds a prompt, an end user, a token or the key of a model', () => {
    const paths = filesBelow(join(dir, 'data'));
    expect(paths.length).toBeGreaterThan(50);
    for (const path of paths) {
      const bytes = readFileSync(path);
      for (const word of WORDS) expect(bytes.includes(word), `${word} in ${path}`).toBe(false);
    }
  });

  it('no file holds the bytes of a picture, raw or published: evidence is sealed', () => {
    const data = picture.subarray(picture.indexOf('IDAT') + 8, picture.indexOf('IDAT') + 40);
    for (const path of filesBelow(join(dir, 'data'))) expect(readFileSync(path).includes(data), path).toBe(false);
    expect(published.some((body) => body.includes('b64_json'))).toBe(true);
  });

  it('only the owner may read the keys', () => {
    const keys = filesBelow(join(dir, 'data', 'keys'));
    expect(keys.length).toBeGreaterThan(3);
    for (const path of keys.filter((name) => !name.endsWith('.pem') || name.includes('key')))
      expect(statSync(path).mode & 0o077, path).toBe(0);
    expect(statSync(join(dir, 'data')).mode & 0o077).toBe(0);
  });
});
