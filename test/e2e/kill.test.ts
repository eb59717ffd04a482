import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytesOf, errorOf, generationBody, jsonOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { RELEASES, thrownBy } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { answerPictures, neutralPicture } from './upstream.ts';
import { settledJob } from './waiting.ts';

/** The shipped policy, but two people lift a kill switch; and a model for whatever name a caller may write. */
const policy = join(mkdtempSync(join(tmpdir(), 'imprimatur-kill-')), 'policy.yaml');
writeFileSync(policy, `${readFileSync('policies/standard/policy.yaml', 'utf8')}\nkillSwitches: { liftedBy: two }\n`);
afterAll(() => rmSync(dirname(policy), { recursive: true, force: true }));
const studio = useStudio({
  settings: (baseUrl) => ({ models: [{ name: 'studio', kind: 'openai', baseUrl }], aliases: { '*': 'studio' }, policy }),
});
const operator = { surface: 'operator' };
const killBody = z.looseObject({
  id: z.string(),
  state: z.string(),
  recorded: z.boolean(),
  settled: z.boolean(),
  processes: z.number(),
  seen_by: z.number(),
});

const post = (path: string, body: unknown = {}) => studio.gateway.post(path, body, operator);
const stop = async (scope: object = {}) => jsonOf(await post('/v1/kill', { scope, reason: 'a drill' }), killBody);
let colleague: Promise<string> | undefined;
/** As the second of two people. */
const alsoLift = async (id: string) => {
  colleague ??= post('/v1/keys', { name: 'colleague', roles: ['operator'] })
    .then((answer) => jsonOf(answer, z.looseObject({ token: z.string() })))
    .then(({ token }) => token);
  return studio.gateway.post(`/v1/kill/${id}/lift`, {}, { headers: { authorization: `Bearer ${await colleague}` } });
};
const lift = async (id: string) => {
  const asked = await post(`/v1/kill/${id}/lift`);
  return asked.status === 202 ? alsoLift(id) : asked;
};
const ask = (body: object = {}) => studio.gateway.post('/v1/images/generations', { prompt: 'a ball', ...body });
const imprimatur = (...args: string[]) => runCommand([...args, '--config', studio.gateway.configFile]);
const put = (capability: string, body: object) =>
  studio.gateway.post(`/v1/gates/${encodeURIComponent(capability)}`, body, { ...operator, method: 'PUT' });

/** A model that answers when it is told to. */
function slowModel() {
  let answer: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  studio.upstream.behave(async (_request, response) => {
    await told;
    answerPictures(response, [await neutralPicture()]);
  });
  return { answer: () => answer(), isAsked: () => expect.poll(() => studio.upstream.calls.length).toBeGreaterThan(0) };
}

/** The official SDK as a product has it, with its own three attempts; counts them. */
function countingSdk(OpenAI: (typeof RELEASES)[number]['OpenAI']) {
  let attempts = 0;
  const counted: typeof fetch = (...args) => {
    attempts += 1;
    return fetch(...args);
  };
  const sdk = new OpenAI({ apiKey: studio.gateway.key(), baseURL: `${studio.gateway.url}/v1`, fetch: counted });
  return { sdk, attempts: () => attempts };
}

describe('a kill switch', () => {
  it.each(RELEASES)('stops everything before anything is paid for, and $release tries once', async ({ OpenAI }) => {
    const { id, settled, recorded } = await stop();
    expect([settled, recorded]).toEqual([true, true]);
    for (const stream of [false, true]) {
      const { sdk, attempts } = countingSdk(OpenAI);
      const request = { prompt: 'a ball', model: 'gpt-image-1', stream } as const;
      const error = await thrownBy(sdk.images.generate(request as { prompt: string }));
      expect([error.status, error.code, attempts()]).toEqual([403, 'capability_stopped', 1]);
    }
    expect(studio.upstream.calls).toEqual([]);
    await lift(id);
    expect((await ask()).status).toBe(200);
  });

  it.each(RELEASES)(
    'holds what was under way for a person, $release tries once, and the picture leaves only when the switch is lifted',
    async ({ OpenAI }) => {
      const model = slowModel();
      const { sdk, attempts } = countingSdk(OpenAI);
      const failed = thrownBy(sdk.images.generate({ prompt: 'a ball', model: 'gpt-image-1' }));
      await model.isAsked();
      const { id } = await stop({ operation: 'generate' });
      model.answer();
      const error = await failed;
      expect([error.status, error.code, attempts(), studio.upstream.calls.length]).toEqual([403, 'review_required', 1, 1]);
      const { case_id: caseId, generation_id: generation } = (error.error as { imprimatur: Record<string, string> }).imprimatur;
      const release = () => post(`/v1/cases/${caseId}/decisions`, { decision: 'release' });
      expect((await errorOf(await release())).code).toBe('capability_stopped');
      expect((await jsonOf(await studio.gateway.fetch(`/v1/generations/${generation}`), generationBody)).status).not.toBe('published');
      await lift(id);
      expect((await release()).status).toBe(200);
      await settledJob(studio.gateway, generation ?? '', 'published');
    },
  );

  it('ends a stream properly: no frame after the switch, and an error that says so', async () => {
    let go: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      go = resolve;
    });
    const b64 = (await neutralPicture()).toString('base64');
    studio.upstream.behave(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const partial = (index: number) => ({ type: 'image_generation.partial_image', b64_json: b64, partial_image_index: index });
      const send = (event: Record<string, unknown>) => response.write(`event: ${event['type']}\ndata: ${JSON.stringify(event)}\n\n`);
      send(partial(0));
      await told;
      send(partial(1));
      send({ type: 'image_generation.completed', b64_json: b64, usage: { total_tokens: 1 } });
      response.end();
    });
    const { sdk, attempts } = countingSdk(RELEASES[0]?.OpenAI as (typeof RELEASES)[number]['OpenAI']);
    const stream = await sdk.images.generate({ prompt: 'a ball', model: 'gpt-image-1', stream: true, partial_images: 2 });
    const seen: string[] = [];
    const error = await thrownBy(
      (async () => {
        for await (const { type } of stream) {
          seen.push(type);
          await stop({ surface: 'api' });
          go();
        }
      })(),
    );
    expect([seen, error.code, attempts()]).toEqual([['image_generation.partial_image'], 'review_required', 1]);
    for (const { id, state } of await listed()) if (state === 'on') await lift(id);
  });

  it('does not give an earlier answer again either, while it is thrown', async () => {
    const headers = { 'idempotency-key': 'the-same' };
    const again = () => studio.gateway.post('/v1/images/generations', { prompt: 'a ball' }, { headers });
    expect((await again()).status).toBe(200);
    const { id } = await stop({ model: 'studio' });
    expect((await errorOf(await again())).code).toBe('capability_stopped');
    await lift(id);
    expect((await again()).status).toBe(200);
  });

  it('refuses names that would stop nothing, and stands in the ledger with who, why and until when', async () => {
    expect((await errorOf(await post('/v1/kill', { scope: { model: 'stduio' }, reason: 'x' }))).code).toBe('model_unknown');
    expect((await errorOf(await post('/v1/kill', { scope: { surface: 'nowhere' }, reason: 'x' }))).code).toBe('request_invalid');
    expect((await errorOf(await post('/v1/kill', { scope: { moddel: 'studio' }, reason: 'x' }))).code).toBe('request_invalid');
    expect((await errorOf(await post('/v1/kill', { scop: { surface: 'chat' }, reason: 'x' }))).code).toBe('request_invalid');
    for (const region of ['ZZ', 'UK', 'EU-1'])
      expect((await errorOf(await post('/v1/kill', { scope: { region }, reason: 'x' }))).param).toBe('scope.region');
    const limit = (when: object) => ({ what: 'requests', limit: 1, window: 60, when });
    for (const when of [{ surface: 'aap' }, { application: 'shpo' }, { key: 'key_1' }]) {
      const answer = await studio.gateway.post('/v1/limits/typo', limit(when), { ...operator, method: 'PUT' });
      expect((await errorOf(answer)).param).toBe(`when.${Object.keys(when)[0]}`);
    }
    expect((await errorOf(await post('/v1/kill', { scope: {} }))).code).toBe('request_invalid');
    expect((await errorOf(await studio.gateway.post('/v1/kill', { reason: 'x' }))).code).toBe('auth_forbidden');
    const until = new Date(Date.now() + 60_000).toISOString();
    const { id } = await jsonOf(await post('/v1/kill', { scope: { region: 'DE' }, reason: 'a court order', until }), killBody);
    await lift(id);
    expect((await errorOf(await lift(id))).code).toBe('kill_not_on');
    const entries = async () => (await ledgerEntries(studio.gateway)).filter((entry) => entry['kill'] === id);
    await expect
      .poll(entries)
      .toMatchObject([
        { kind: 'kill.thrown', scope: { region: 'DE' }, reason: 'a court order', until, by: expect.stringMatching(/^operator:key_/) },
        { kind: 'kill.lift_asked' },
        { kind: 'kill.lifted' },
      ]);
  });

  it('is lifted by two people where policy says so: the first only asks, and the same one cannot agree', async () => {
    const { id } = await stop({ surface: 'api' });
    const asked = await post(`/v1/kill/${id}/lift`, { reason: 'it is over' });
    const body = z.looseObject({ state: z.string(), lift_asked_by: z.string(), lift_ends_at: z.string() });
    expect([asked.status, (await jsonOf(asked, body)).state]).toEqual([202, 'lifting']);
    expect((await errorOf(await post(`/v1/kill/${id}/lift`))).code).toBe('second_person_needed');
    expect((await errorOf(await ask())).code).toBe('capability_stopped');
    expect((await listed()).find((one) => one.id === id)).toMatchObject({ state: 'lifting', lift_needs_second: true });
    expect([(await alsoLift(id)).status, (await ask()).status]).toEqual([200, 200]);
  });

  it('is one command', async () => {
    const thrown = await imprimatur('kill', '--reason', 'a drill', '--surface', 'api');
    expect(thrown).toMatchObject({ code: 0, out: expect.stringContaining('surface api is stopped') });
    expect((await errorOf(await ask())).code).toBe('capability_stopped');
    const [id = ''] = /kill_[0-9a-z]+/.exec(thrown.out) ?? [];
    expect((await imprimatur('kill', 'list')).out).toMatch(new RegExp(`${id} +on +surface api`));
    expect((await imprimatur('kill', 'lift', id)).out).toContain('A second person has to lift');
    expect((await imprimatur('kill', 'lift', id)).code).toBe(1);
    expect((await alsoLift(id)).status).toBe(200);
    expect((await imprimatur('kill')).code).toBe(2);
    expect((await ask()).status).toBe(200);
  });
});

describe('the models', () => {
  it('are listed with how they are', async () => {
    expect((await imprimatur('upstreams')).out).toMatch(/studio +works/);
    expect((await imprimatur('upstreams', 'heal')).code).toBe(2);
  });
});

describe('a gate', () => {
  it('keeps out whom it is not open to, before the model is asked', async () => {
    expect((await put('studio:generate', { state: 'percent', percent: 50, allow: ['user:anna'] })).status).toBe(200);
    expect((await ask({ user: 'anna' })).status).toBe(200);
    const calls = studio.upstream.calls.length;
    const answer = await ask();
    expect([answer.status, (await errorOf(answer)).code, studio.upstream.calls.length]).toEqual([403, 'capability_closed', calls]);
    const { state, version } = await jsonOf(
      await put('studio:generate', { state: 'on' }),
      z.looseObject({ state: z.string(), version: z.number() }),
    );
    expect([state, version]).toEqual(['on', 2]);
    expect((await ask()).status).toBe(200);
  });

  it('refuses an unknown model, and the second of two operators who read the same', async () => {
    expect((await errorOf(await put('stduio:generate', { state: 'off' }))).code).toBe('model_unknown');
    const answers = await Promise.all([put('studio:edit', { state: 'off', version: 0 }), put('studio:edit', { state: 'on', version: 0 })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('is one command, everywhere or on one surface', async () => {
    const name = 'studio:generate:quality=high';
    expect(await imprimatur('gates', 'set', name, 'on')).toMatchObject({ code: 0 });
    expect(await imprimatur('gates', 'set', name, 'off', '--surface', 'api', '--reason', 'too dear')).toMatchObject({ code: 0 });
    expect((await errorOf(await ask({ quality: 'high' }))).code).toBe('capability_closed');
    expect((await ask({ quality: 'low' })).status).toBe(200);
    expect((await imprimatur('gates', 'list')).out).toMatch(/quality=high +off +api/);
    expect(await imprimatur('gates', 'remove', name, '--surface', 'api')).toMatchObject({ code: 0 });
    expect((await ask({ quality: 'high' })).status).toBe(200);
    expect((await imprimatur('gates', 'remove', name, '--surface', 'api')).code).toBe(2);
    expect((await imprimatur('gates', 'set', name, 'off', '--surface', 'aap')).err).toContain('There is no surface "aap"');
    expect(await imprimatur('gates', 'set', name, 'off')).toMatchObject({ code: 0 });
    expect((await imprimatur('gates', 'list')).out).not.toMatch(/quality=high +off +api/);
  });

  it('is watched by a canary that counts what people report, and says how far it has gone', async () => {
    const name = 'studio:generate';
    const bands = 'refused=0.001..0.2,reported=..0.0001';
    expect((await imprimatur('gates', 'set', name, 'on', '--canary', bands, '--roll-back-to', 'allowlist')).code).toBe(0);
    expect((await imprimatur('gates', 'set', name, 'on', '--canary', 'refused=lots')).code).toBe(2);
    const { data } = await studio.gateway.sdk().images.generate({ prompt: 'a ball' });
    const form = new FormData();
    const about = { kind: 'likeness', description: 'This shows me.', name: 'Jo Doe', email: 'jo@example.org', signature: 'Jo Doe' };
    for (const [field, value] of Object.entries({ ...about, good_faith: 'on' })) form.append(field, value);
    form.append('file', new Blob([Uint8Array.from(bytesOf(data?.[0]))]), 'picture.png');
    expect((await fetch(`${studio.gateway.url}/v1/notices`, { method: 'POST', body: form })).status).toBe(201);
    const shown = async () => (await imprimatur('gates', 'show', name)).out;
    await expect.poll(shown, { interval: 100 }).toMatch(/reported +0–0\.0001 +[1-9]\d* %/);
    expect(await shown()).toMatch(/studio:generate is on[\s\S]*rolls back to allowlist[\s\S]*refused +0\.001–0\.2 +0 % +\d+ %/);
    expect((await imprimatur('gates', 'set', name, 'on', '--canary', 'none')).code).toBe(0);
    expect(await shown()).not.toContain('rolls back');
  });
});

async function listed() {
  const { data } = await jsonOf(
    await studio.gateway.fetch('/v1/kill', operator),
    z.object({ data: z.array(z.looseObject({ id: z.string(), state: z.string() })) }),
  );
  return data;
}
