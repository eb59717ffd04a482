import { createHmac, randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { createCharges } from '../../src/access/limits/charges.ts';
import { createPricing } from '../../src/access/limits/pricing.ts';
import { runCommand } from './cli.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { useStudio } from './studio.ts';
import { answerJson, answerPictures, neutralPicture } from './upstream.ts';

const SECRET = Buffer.alloc(32, 'shared with the platform');
const studio = useStudio({
  settings: (baseUrl) => ({
    models: [{ name: 'studio', kind: 'openai', baseUrl }],
    applications: [{ id: 'default', name: 'Shop', keys: [{ kid: 'k1', algorithm: 'HMAC', secret: SECRET.toString('base64url') }] }],
    limits: {
      rules: [{ id: 'written', what: 'requests', limit: 1_000_000, window: 'month' }],
      costs: { studio: { units: 2, prices: [{ quality: 'high', units: 10 }] } },
    },
  }),
});

const operator = { surface: 'operator' };
const set = (id: string, body: unknown) => studio.gateway.post(`/v1/limits/${id}`, body, { ...operator, method: 'PUT' });
const make = (more: object = {}, headers: Record<string, string> = {}) =>
  studio.gateway.post('/v1/images/generations', { model: 'studio', prompt: 'a lighthouse', ...more }, { headers });
const errorOf = async (answer: Response) => JSON.parse(await answer.text()).error;
const read = async (answer: Response | Promise<Response>) => JSON.parse(await (await answer).text());
const used = async (id: string) => {
  const { data } = await read(studio.gateway.fetch('/v1/limits?application=default&key=any', operator));
  return data.find((limit: { id: string }) => limit.id === id).use.used;
};
const eventually = async (look: () => Promise<unknown>, wanted: unknown) => {
  for (let i = 0; i < 60 && (await look()) !== wanted; i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await look()).toBe(wanted);
};
function claim(sub: string): string {
  const at = Math.floor(Date.now() / 1000);
  const payload = { iss: 'default', aud: 'imprimatur', sub, jti: randomUUID(), iat: at, exp: at + 60, tier: 'free' };
  const head = `v1.k1.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${head}.${createHmac('sha256', SECRET).update(head).digest('base64url')}`;
}

describe('limits', () => {
  afterEach(async () => {
    const { data } = await read(studio.gateway.fetch('/v1/limits', operator));
    for (const { id, source } of data)
      if (source === 'operator') await studio.gateway.fetch(`/v1/limits/${id}`, { ...operator, method: 'DELETE' });
  });

  it('warn the endpoints of the application whose count it is; of a count that several share only the operator’s own', async () => {
    const events = ['limit.warning'];
    for (const [name, application] of [
      ['own', undefined],
      ['shop', 'default'],
      ['elsewhere', 'elsewhere'],
    ] as const)
      await studio.gateway.post(
        '/v1/webhooks',
        { name, url: `https://${name}.invalid/hook`, events, ...(application === undefined ? {} : { application }) },
        operator,
      );
    const { db } = studio.gateway.gateway.parts;
    const told = async (limit: string) =>
      (
        await db.query<{ name: string }>({
          text: `select e.name from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id join events v on v.id = d.event_id
                 where v.type = 'limit.warning' and v.data ->> 'limit' = $1 order by 1`,
          values: [limit],
        })
      ).rows
        .map(({ name }) => name)
        .join(' ');
    expect((await set('by-application', { what: 'requests', per: ['application'], limit: 2, window: 3_600, warn_at: 0.5 })).status).toBe(
      200,
    );
    expect((await set('by-surface', { what: 'requests', per: ['surface'], limit: 2, window: 3_600, warn_at: 0.5 })).status).toBe(200);
    await make();
    await eventually(() => told('by-application'), 'own shop');
    await eventually(() => told('by-surface'), 'own');
    await db.query({
      text: "delete from webhook_deliveries where endpoint_id in (select id from webhook_endpoints where name in ('own', 'shop', 'elsewhere'))",
    });
    await db.query({ text: "delete from webhook_endpoints where name in ('own', 'shop', 'elsewhere')" });
  });

  it('are told in headers as OpenAI tells them, on pictures, streams, jobs and refusals, and turn away what is too much before anything is paid for', async () => {
    expect((await set('minute', { what: 'requests', per: ['key'], limit: 3, window: 3_600, warn_at: 0.5 })).status).toBe(200);
    await studio.gateway.post('/v1/webhooks', { name: 'desk', url: 'https://desk.invalid/hook', events: ['limit.warning'] }, operator);
    const first = await make();
    expect(first.status).toBe(200);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('3');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-reset-requests')).toMatch(/^1h\d+m\d+s$/);
    expect(first.headers.get('x-imprimatur-limit-warning')).toBeNull();
    const streamed = await make({ stream: true });
    await streamed.text();
    expect([streamed.headers.get('x-ratelimit-remaining-requests'), streamed.headers.get('x-imprimatur-limit-warning')]).toEqual([
      '1',
      'minute=66%',
    ]);
    const job = await make({}, { prefer: 'respond-async' });
    expect([job.status, job.headers.get('x-ratelimit-remaining-requests')]).toEqual([202, '0']);
    const { db, telemetry } = studio.gateway.gateway.parts;
    const events = async () =>
      (await db.query({ text: `select data->>'limit' as told from events where type = 'limit.warning' and data->>'limit' = 'minute'` }))
        .rows;
    await eventually(async () => JSON.stringify(await events()), '[{"told":"minute"}]');
    expect(await telemetry.registry.getSingleMetricAsString('imprimatur_limit_warnings_total')).toContain('{limit="minute"} 1');
    const calls = studio.upstream.calls.length;
    const refused = await make();
    expect([refused.status, refused.headers.get('x-ratelimit-remaining-requests'), refused.headers.get('x-should-retry')]).toEqual([
      429,
      '0',
      'false',
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(await errorOf(refused)).toMatchObject({
      code: 'rate_limited',
      message: expect.stringContaining('Limit "minute": 3 requests in 3600 seconds.'),
    });
    const sdk = studio.gateway.sdk('api', { maxRetries: 2 });
    await expect(sdk.images.generate({ model: 'studio', prompt: 'a lighthouse' })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    expect(studio.upstream.calls.length).toBe(calls);
  });

  it('count the same intent once, and users apart: those of whom nothing is said share one count', async () => {
    await set('users', { what: 'requests', per: ['user'], limit: 1, window: 3_600 });
    const again = { 'idempotency-key': randomUUID() };
    const first = await make({}, again);
    expect(first.status, await first.text()).toBe(200);
    expect((await make({}, again)).status).toBe(200);
    const other = await make({ user: 'somebody else, says nobody in particular' });
    expect(other.status).toBe(429);
    expect((await errorOf(other)).imprimatur.would_help).toEqual({ tier: 'free' });
    const [anna, bert] = [{ 'imprimatur-user': claim('anna') }, { 'imprimatur-user': claim('bert') }];
    expect([(await make({}, anna)).status, (await make({}, bert)).status]).toEqual([200, 200]);
    expect((await make({}, { 'imprimatur-user': claim('anna') })).status).toBe(429);
    const { data } = await read(studio.gateway.fetch('/v1/limits?application=default&user=anna', operator));
    expect(data.find((limit: { id: string }) => limit.id === 'users').use).toMatchObject({ used: 1, remaining: 0, limit: 1 });
  });

  it('set cost and pictures aside, and count what was made and delivered in the end', async () => {
    await set('spend', { what: 'cost', per: ['application'], limit: 100, window: 'day' });
    await set('pictures', { what: 'images', per: ['application'], limit: 100, window: 'day' });
    studio.upstream.behave(async (_, response) => answerPictures(response, [await neutralPicture()]));
    const dear = await make({ n: 3, quality: 'high' });
    expect(dear.status).toBe(200);
    // Cost is what OpenAI calls tokens; what was set aside counts until it is known what came of it.
    const told = (name: string) => ['limit', 'remaining', 'reset'].map((which) => dear.headers.get(`x-ratelimit-${which}-${name}`));
    expect(told('tokens')).toEqual(['100', '70', expect.stringMatching(/^\d[\dhm]*s$/)]);
    expect(told('images')).toEqual(['100', '97', expect.stringMatching(/^\d[\dhm]*s$/)]);
    await eventually(() => used('spend'), 10);
    await eventually(() => used('pictures'), 1);
    studio.upstream.behave((_, response) => answerJson(response, 500, {}));
    expect((await make({ n: 4 })).status).toBe(502);
    await eventually(() => used('spend'), 10);
    const tooMuch = await make({ n: 10, quality: 'high' });
    expect([tooMuch.status, tooMuch.headers.get('x-ratelimit-remaining-tokens'), tooMuch.headers.get('x-should-retry')]).toEqual([
      429,
      '90',
      'false',
    ]);
    expect(await errorOf(tooMuch)).toMatchObject({ code: 'budget_spent', type: 'insufficient_quota' });
    await eventually(() => used('pictures'), 1);
  });

  it('are settled for a process that died, by what stands about the generation, and only once', async () => {
    await set('spend', { what: 'cost', per: ['application'], limit: 100, window: 'month' });
    expect((await make({ n: 1 })).status).toBe(200);
    await eventually(() => used('spend'), 2);
    const { db } = studio.gateway.gateway.parts;
    await db.query({ text: `update limit_charges set settled_as = null, amount = 50 where rule = 'spend'` });
    const charges = () => createCharges({ db, onError: () => undefined, pricing: createPricing({}), chargeHeld: true });
    await db.query({ text: `update limit_counters set state[12] = 50 where rule = 'spend'` });
    await Promise.all([charges().settleAbandoned(), charges().settleAbandoned()]);
    expect(await used('spend')).toBe(2);
  });

  it('are set by one operator at a time, with a reason in the ledger, and never to what cannot be', async () => {
    const rule = { what: 'images', limit: 5, window: 60 };
    for (const wrong of [
      { limit: 0 },
      { limit: -1 },
      { limit: 1.5 },
      { limit: 2 ** 53 },
      { limit: null },
      { window: 0 },
      { window: 'year' },
      { per: ['moon'] },
    ]) {
      expect((await set('a', { ...rule, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
    }
    expect((await set('a', { ...rule, when: { model: 'nobody' } })).status).toBe(404);
    expect(await read(set('a', { ...rule, version: 0, reason: 'a trial' }))).toMatchObject({
      version: 1,
      source: 'operator',
      reason: 'a trial',
    });
    expect(await errorOf(await set('a', { ...rule, version: 0 }))).toMatchObject({ code: 'limit_changed' });
    expect(await errorOf(await set('written', rule))).toMatchObject({ code: 'limit_configured' });
    const imprimatur = (...args: string[]) => runCommand(['limits', ...args, '--config', studio.gateway.configFile]);
    expect(
      await imprimatur('set', 'b', 'cost', '7', 'day', '--per', 'user,application', '--surface', 'api', '--reason', 'dear'),
    ).toMatchObject({ code: 0 });
    expect((await imprimatur('list')).out).toMatch(/b +7 cost \/ day +user, application +surface=api +1/);
    expect(await imprimatur('remove', 'b')).toMatchObject({ code: 0 });
    const entries = async () => (await ledgerEntries(studio.gateway)).filter(({ limit }) => limit === 'a' || limit === 'b');
    await eventually(async () => (await entries()).length, 3);
    expect(await entries()).toMatchObject([
      { kind: 'limit.changed', limit: 'a', version: 1, reason: 'a trial', rule },
      { kind: 'limit.changed', limit: 'b', reason: 'dear' },
      { kind: 'limit.removed', limit: 'b' },
    ]);
  });
});
