import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { Secret } from '../config/secret.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import { type JobRunner, startJobs } from '../jobs/job-runner.ts';
import { createJournal } from '../ledger/journal.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { heldAct } from '../review/held.fixture.ts';
import { caseRow } from '../review/open-case.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { type Alert, createAlerts } from './alerts.ts';
import { announce } from './announce.ts';
import { deliverWebhooks, WAITS_MS } from './deliver-webhooks.ts';
import { listDeliveries, replay } from './deliveries.ts';
import { checkEndpointUrl } from './endpoint.ts';
import { createEndpointStore } from './endpoint-store.ts';
import { keepConfigured } from './keep-configured.ts';
import { newWebhookSecret, webhookHeaders, webhookKey } from './webhook-signature.ts';

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A receiver on this machine that answers as it is told. */
async function receiver(answer: (n: number) => { status: number; headers?: Record<string, string> } = () => ({ status: 204 })) {
  const heard: Heard[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status, headers = {} } = answer(heard.length);
      response.writeHead(status, headers).end('x'.repeat(100));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return { heard, url: `http://127.0.0.1:${port}/hooks` };
}

describe('a webhook signature', () => {
  it('is what the verifier of Standard Webhooks accepts, with both secrets while one replaces the other', () => {
    const [now, before, other] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
    const body = '{"type":"generation.held"}';
    const headers = webhookHeaders({ id: 'msg_1', at: new Date(), body }, [now, before]);
    expect(new Webhook(now).verify(body, headers)).toEqual({ type: 'generation.held' });
    expect(new Webhook(before).verify(body, headers)).toEqual({ type: 'generation.held' });
    expect(() => new Webhook(other).verify(body, headers)).toThrow('signature');
    expect(() => new Webhook(now).verify(`${body} `, headers)).toThrow('signature');
    expect(() => new Webhook(now).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow('signature');
  });

  it('that is replayed an hour later is refused by that verifier', () => {
    const secret = newWebhookSecret();
    const headers = webhookHeaders({ id: 'msg_1', at: new Date(Date.now() - 3_600_000), body: '{}' }, [secret]);
    expect(() => new Webhook(secret).verify('{}', headers)).toThrow('timestamp');
  });

  it.each(['whsec_', 'whsec_short', `whsec_${Buffer.alloc(80).toString('base64')}`, 'whsec_ä', ''])(
    'is made with no secret like %s',
    (secret) => {
      expect(() => webhookKey(secret)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    },
  );

  it.each([
    'http://example.org/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.1.2.3/',
    'https://localhost/',
    'https://a.localhost/',
    'https://user:password@example.org/',
    'https://2130706433/',
    'https://0x7f.1/',
    'file:///etc/passwd',
    'gopher://example.org/',
  ])('goes to no endpoint like %s', (url) => {
    expect(() => checkEndpointUrl(url)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});

describeEachDatabase('webhooks', (open) => {
  async function gateway() {
    const db = await open();
    await migrate(db);
    const evidence = memoryEvidence();
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const endpoints = createEndpointStore({ db, journal, evidence });
    const outbound = createOutbound();
    closers.push(() => outbound.close());
    const alerts: Alert[] = [];
    const raise = createAlerts({ mail: null, to: { operations: [], child_safety: [] } });
    const errors: unknown[] = [];
    let runner: JobRunner | null = null;
    const run = () => {
      const raiseAlert: typeof raise = async (tx, alert) => {
        alerts.push(alert);
        await raise(tx, alert);
      };
      const kinds = [deliverWebhooks({ db, evidence, outbound, raiseAlert, told: () => undefined })];
      runner = startJobs({ db, kinds, onError: (error) => errors.push(error), pollMs: 20 });
      closers.push(async () => runner?.stop(1_000));
    };
    const secret = newWebhookSecret();
    const configure = (url: string, more: { application?: string; events?: string[]; secret?: string } = {}) =>
      keepConfigured([{ name: 'test', url, ...more, secret: new Secret(more.secret ?? secret) }], { db, evidence });
    const endpoint = async () => (await endpoints.list()).find(({ name }) => name === 'test')!;
    const deliveries = async () => listDeliveries(db, { endpoint: (await endpoint()).id, state: null, limit: 100 });
    /** As if the time of waiting were over. */
    const hurry = async () => {
      await db.query({ text: 'update webhook_endpoints set resting_until = null' });
      await db.query({ text: 'update jobs set run_at = clock_timestamp() where lease_token is null' });
    };
    const say = (application: string | null = 'shop') =>
      announce(db, { type: 'generation.failed', application, data: { generation: 'gen_1' } });
    return { db, endpoints, run, secret, configure, endpoint, deliveries, hurry, say, alerts, errors, evidence };
  }

  it('bring ids and never words of a held generation, its case and its release, signed', async () => {
    const { db, run, configure, secret } = await gateway();
    const { heard, url } = await receiver();
    await configure(url);
    run();
    await writeActs(db, [heldAct(1)]);
    await expect.poll(() => heard).toHaveLength(2);
    await db.query({ text: "update cases set state = 'released', settles_at = clock_timestamp() + interval '10 seconds'" });
    await db.query({ text: "update cases set settles_at = null where state = 'released'" });
    await db.query({ text: "update generations set state = 'published'" });
    await expect.poll(() => heard).toHaveLength(5);
    const events = heard.map(
      ({ headers, body }) => new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>,
    );
    expect(events.map(({ type }) => type).sort()).toEqual([
      'case.decided',
      'case.opened',
      'generation.held',
      'generation.published',
      'generation.released',
    ]);
    expect(events.find(({ type }) => type === 'case.opened')).toEqual({
      type: 'case.opened',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: { case: 'case_1', kind: 'generation', status: 'open', queue: 'general', generation: 'gen_1' },
    });
  });

  it('say nothing of a case that is restricted', async () => {
    const { db, run, configure } = await gateway();
    const { heard, url } = await receiver();
    await configure(url, { events: ['case.opened', 'case.decided'] });
    run();
    const restricted = caseRow({
      id: 'case_9',
      about: { kind: 'notice', ids: { notice: 'ntc_1' } },
      openedAt: new Date(),
      categories: ['sexual_minors'],
    });
    await writeActs(db, [{ openCase: restricted, entries: [Buffer.from('{}')] }]);
    await db.query({ text: "update cases set state = 'blocked'" });
    await writeActs(db, [{ ...heldAct(1) }]);
    await expect.poll(() => heard).toHaveLength(1);
    expect(heard[0]!.body).toContain('case_1');
  });

  it('go to an application only about its own, and only of what it asked for', async () => {
    const { run, configure, say, deliveries } = await gateway();
    const { heard, url } = await receiver();
    await configure(url, { application: 'shop', events: ['generation.failed'] });
    run();
    await say('another');
    await say(null);
    await say('shop');
    await expect.poll(() => heard).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ type: 'generation.failed' }]);
  });

  it('are not written where nobody listens', async () => {
    const { db, say } = await gateway();
    await say();
    expect((await db.query({ text: 'select 1 from events' })).rowCount).toBe(0);
  });

  it('are brought again with the same id after a failure, and a rotation has no gap', async () => {
    const { db, run, endpoints, endpoint, configure, say, secret, deliveries, hurry } = await gateway();
    const { heard, url } = await receiver((n) => ({ status: n === 1 ? 503 : 200 }));
    await configure(url);
    const { secret: next } = await endpoints.rotate((await endpoint()).id, { by: 'key_1', overlapHours: 1 });
    run();
    await say();
    await expect.poll(deliveries).toMatchObject([{ state: 'pending', attempts: 1, last_status: 503 }]);
    const { rows } = await db.query<{ ms: number }>({
      text: 'select extract(epoch from run_at - clock_timestamp())::float8 * 1000 as ms from jobs',
    });
    expect(rows[0]!.ms).toBeGreaterThan(3_000);
    expect(rows[0]!.ms).toBeLessThan(6_100);
    await hurry();
    await expect.poll(deliveries).toMatchObject([{ state: 'delivered', attempts: 2, last_status: 200 }]);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const one of [secret, next])
      expect(() => new Webhook(one).verify(heard[1]!.body, heard[1]!.headers as Record<string, string>)).not.toThrow();
    await db.query({ text: "update webhook_endpoints set previous_until = clock_timestamp() - interval '1 second'" });
    await say();
    await expect.poll(() => heard).toHaveLength(3);
    expect(() => new Webhook(secret).verify(heard[2]!.body, heard[2]!.headers as Record<string, string>)).toThrow();
  });

  it('are tried for longer than a day, then lie as dead letters, raise one alert, and can be replayed', async () => {
    expect(WAITS_MS.reduce((sum, ms) => sum + ms, 0) / 3_600_000).toBeGreaterThan(24);
    const { db, run, configure, say, deliveries, hurry, alerts, endpoint, errors } = await gateway();
    let isDown = true;
    const { heard, url } = await receiver(() => ({ status: isDown ? 500 : 200 }));
    await configure(url, { events: ['generation.failed'] });
    run();
    await say();
    await expect
      .poll(
        async () => {
          await hurry();
          return deliveries();
        },
        { timeout: 20_000 },
      )
      .toMatchObject([{ state: 'dead', attempts: WAITS_MS.length + 1, last_error: 'HTTP 500' }]);
    expect(heard).toHaveLength(WAITS_MS.length + 1);
    expect(alerts).toHaveLength(1);
    isDown = false;
    await hurry();
    const parts = { db, journal: createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined }) };
    expect(await replay({ endpoint: (await endpoint()).id, since: new Date(0) }, 'key_1', parts)).toBe(1);
    await expect.poll(deliveries).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(errors).toEqual([]);
  });

  it('rest with a receiver that keeps failing, however much waits for it', async () => {
    const { run, configure, say, endpoint, hurry, deliveries } = await gateway();
    const { heard, url } = await receiver(() => ({ status: 500 }));
    await configure(url);
    run();
    await say();
    await expect
      .poll(
        async () => {
          if ((await endpoint()).failures < 5) await hurry();
          return (await endpoint()).restingUntil;
        },
        { timeout: 10_000 },
      )
      .not.toBeNull();
    const tried = heard.length;
    for (let n = 0; n < 10; n++) await say();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard.length).toBe(tried);
    expect((await deliveries()).every(({ state }) => state === 'pending')).toBe(true);
  });

  it('stop for good where the receiver answers 410', async () => {
    const { run, configure, say, endpoint, deliveries } = await gateway();
    const { heard, url } = await receiver(() => ({ status: 410 }));
    await configure(url);
    run();
    await say();
    await expect.poll(deliveries).toMatchObject([{ state: 'dead', last_status: 410 }]);
    expect(await endpoint()).toMatchObject({ state: 'disabled', disabledBecause: 'it answered 410 Gone' });
    await say();
    expect(heard).toHaveLength(1);
  });

  it('follow no redirect, and reach no private address that was not in the configuration', async () => {
    const { db, run, configure, say, deliveries } = await gateway();
    const inside = await receiver();
    const { url } = await receiver(() => ({ status: 307, headers: { location: inside.url } }));
    await configure(url);
    run();
    await say();
    await expect.poll(deliveries).toMatchObject([{ last_status: 307 }]);
    await db.query({
      text: "update webhook_endpoints set trust = 'untrusted', url = $1",
      values: [inside.url.replace('127.0.0.1', 'localhost')],
    });
    await say();
    await expect.poll(deliveries).toEqual(expect.arrayContaining([expect.objectContaining({ last_error: 'refused_address' })]));
    expect(inside.heard).toEqual([]);
  });

  it('keep secrets sealed, and take a new one of the configuration without a gap', async () => {
    const { db, endpoints, configure, endpoint, secret, evidence } = await gateway();
    await configure('http://127.0.0.1:9/');
    const { endpoint: added, secret: shown } = await endpoints.add({
      name: 'other',
      url: 'https://example.org/',
      application: null,
      events: [],
      by: 'key_1',
    });
    const { rows } = await db.query({ text: 'select secret from webhook_endpoints' });
    const stored = Buffer.concat(rows.map((row) => row['secret'] as Buffer));
    for (const one of [secret, shown]) expect(stored.includes(webhookKey(one))).toBe(false);
    await expect(endpoints.add({ name: 'other', url: 'https://example.org/', application: null, events: [], by: 'k' })).rejects.toThrow(
      'of this name',
    );
    await expect(
      endpoints.add({ name: 'third', url: 'https://example.org/', application: null, events: ['nothing'], by: 'k' }),
    ).rejects.toThrow('no such event');
    await configure('http://127.0.0.1:9/');
    expect((await endpoint()).previousUntil).toBeNull();
    await configure('http://127.0.0.1:9/', { secret: newWebhookSecret() });
    expect((await endpoint()).previousUntil).not.toBeNull();
    await keepConfigured([], { db, evidence });
    expect(await endpoint()).toMatchObject({ state: 'disabled' });
    expect(await endpoints.find(added.id)).toMatchObject({ state: 'active' });
  });
});
