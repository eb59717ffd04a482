import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newWebhookSecret } from '../../src/announcements/webhook-signature.ts';
import { errorOf, jsonOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { letTimePass } from './let-time-pass.ts';

/** The standard policy lets a person decide before the model is asked. */
const HELD_PROMPT = 'photo of Angela Merkel being arrested';
const operator = { surface: 'operator' };
const secret = newWebhookSecret();
const event = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });
const clockBody = z.looseObject({ id: z.string(), name: z.string(), state: z.string(), is_statutory: z.boolean(), due_at: z.string() });

describe('what a gateway tells', () => {
  const heard: z.output<typeof event>[] = [];
  const bodies: string[] = [];
  const mails: string[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      heard.push(event.parse(new Webhook(secret).verify(body, headersOf(request.headers))));
      bodies.push(body);
      response.writeHead(204).end();
    });
  });
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let mail = '';
      stream.on('data', (chunk: Buffer) => {
        mail += chunk.toString();
      });
      stream.on('end', () => {
        mails.push(mail);
        done();
      });
    },
  });
  let gateway: TestGateway;
  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => {
      smtp.listen(0, '127.0.0.1', resolve);
    });
    gateway = await startTestGateway({
      webhooks: [{ name: 'receiver', url: `http://127.0.0.1:${portOf(receiver.address())}/`, secret }],
      smtp: { url: `smtp://127.0.0.1:${portOf(smtp.server.address())}`, from: 'gateway@example.org' },
      alerts: { email: ['on-call@example.org'] },
    });
  });
  afterAll(async () => {
    await gateway?.close();
    receiver.close();
    smtp.close();
  });
  const heardOf = (type: string) => heard.filter((one) => one.type === type);

  it('of a held generation: by webhook, by stream and by poll, until a person released it, and never the prompt', async () => {
    const answer = await gateway.post('/v1/images/generations', { prompt: HELD_PROMPT });
    const { imprimatur } = await errorOf(answer);
    const { generation_id: id = '', case_id: caseId = '' } = imprimatur;
    const stream = await gateway.fetch(`/v1/generations/${id}/events`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    await expect.poll(() => heardOf('case.opened')).toHaveLength(1);
    expect(heardOf('case.opened')[0]?.data).toMatchObject({ case: caseId, generation: id, status: 'open' });
    // In no order.
    await expect.poll(() => heardOf('generation.held')[0]?.data).toMatchObject({ generation: id, status: 'held' });

    const found = await jsonOf(await gateway.fetch(`/v1/cases/${caseId}`, operator), z.looseObject({ clocks: z.array(clockBody) }));
    expect(found.clocks.map(({ name, state }) => [name, state])).toEqual([
      ['Review target', 'running'],
      ['End of the hold', 'running'],
    ]);
    await gateway.post(`/v1/cases/${caseId}/decisions`, { decision: 'release' }, operator);
    const events = await stream.text();
    expect([...events.matchAll(/^event: (\S+)$/gm)].map(([, name]) => name)).toEqual(
      expect.arrayContaining(['generation.held', 'generation.published']),
    );
    await expect.poll(() => heardOf('generation.published')).toHaveLength(1);
    await expect.poll(() => heardOf('case.decided')).toHaveLength(1);
    expect(heardOf('generation.released')).toHaveLength(1);
    expect(bodies.join('')).not.toMatch(/Merkel|arrested/);
  });

  it('pauses a target of its own on demand, and lists every deadline with its law', async () => {
    const answer = await gateway.post('/v1/images/generations', { prompt: HELD_PROMPT });
    const { case_id: caseId = '' } = (await errorOf(answer)).imprimatur;
    const clocks = async () =>
      (await jsonOf(await gateway.fetch(`/v1/cases/${caseId}`, operator), z.looseObject({ clocks: z.array(clockBody) }))).clocks;
    const [target] = await clocks();
    const path = `/v1/cases/${caseId}/clocks/${target?.id}`;
    expect((await gateway.post(`${path}/pause`, { reason: 'waiting-for-legal' }, operator)).status).toBe(200);
    expect((await gateway.post(`${path}/pause`, { reason: 'waiting-for-legal' }, operator)).status).toBe(409);
    expect((await clocks())[0]).toMatchObject({ state: 'paused' });
    expect((await gateway.post(`${path}/resume`, { reason: 'answered' }, operator)).status).toBe(200);
    expect((await gateway.post(`${path}/pause`, { reason: 'x' })).status).toBe(403);
    const { data } = await jsonOf(
      await gateway.fetch('/v1/obligations', operator),
      z.object({ data: z.array(z.looseObject({ id: z.string(), law: z.string().nullable(), is_statutory: z.boolean() })) }),
    );
    expect(data.filter((one) => one.is_statutory).every(({ law }) => law !== null)).toBe(true);
    expect(data.find(({ id }) => id === 'us-take-it-down')).toMatchObject({ duration: 'PT48H', zone: 'America/New_York' });
  });

  it('brings a case past its end to the safe outcome through the path of a decision, and tells people by mail', async () => {
    const answer = await gateway.post('/v1/images/generations', { prompt: HELD_PROMPT });
    const { generation_id: id = '', case_id: caseId = '' } = (await errorOf(answer)).imprimatur;
    await letTimePass(gateway, { caseId, obligation: 'hold-ends', days: 4 });
    const poll = async () => (await jsonOf(await gateway.fetch(`/v1/generations/${id}`), z.looseObject({ status: z.string() }))).status;
    await expect.poll(poll).toBe('refused');
    const found = await jsonOf(
      await gateway.fetch(`/v1/cases/${caseId}`, operator),
      z.looseObject({ status: z.string(), closed_by: z.string() }),
    );
    expect(found).toMatchObject({ status: 'blocked', closed_by: 'timer' });
    await expect.poll(() => heardOf('case.deadline_passed')).toHaveLength(1);
    await expect.poll(() => mails).toHaveLength(1);
    expect(mails[0]).toContain('Subject: [page] A deadline has passed: hold-ends');
    expect(mails[0]).not.toContain('Merkel');
  });

  it('takes endpoints by API and command line, shows a secret once, and none inside its own network', async () => {
    const inside = await gateway.post('/v1/webhooks', { name: 'inside', url: 'https://169.254.169.254/' }, operator);
    expect(inside.status).toBe(400);
    expect((await gateway.post('/v1/webhooks', { name: 'mine', url: 'https://example.org/' })).status).toBe(403);
    const cli = (...args: string[]) => runCommand([...args, '--config', gateway.configFile]);
    const added = await cli('webhooks', 'add', 'https://hooks.invalid/x', '--name', 'outside', '--events', 'webhook.test');
    const [id = '', shown = ''] = added.out.split('\n');
    expect(shown).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const listed = await gateway.fetch('/v1/webhooks', operator);
    expect(await listed.text()).not.toContain(shown.slice(6));
    expect((await cli('webhooks', 'test', id)).code).toBe(0);
    const failed = async () => (await cli('webhooks', 'deliveries', id)).out;
    await expect.poll(failed).toMatch(/webhook\.test\s+pending\s+1\s+unreachable/);
    expect((await cli('webhooks', 'disable', id)).out).toContain('hears of nothing');
    expect((await cli('webhooks', 'list')).out).toMatch(/outside\s+disabled/);
  });

  it('does not wait for followers when it stops', async () => {
    const answer = await gateway.post('/v1/images/generations', { prompt: HELD_PROMPT });
    const { generation_id: id = '' } = (await errorOf(answer)).imprimatur;
    const stream = await gateway.fetch(`/v1/generations/${id}/events`);
    const before = Date.now();
    await gateway.stop();
    expect(await stream.text()).toContain('event: generation.held');
    expect(Date.now() - before).toBeLessThan(20_000);
  });
});

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('It listens on no port.');
  return address.port;
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
