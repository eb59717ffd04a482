import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runCommand } from './cli.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { known } from './planted-checks.ts';
import { useStudio } from './studio.ts';

const SECRET = Buffer.alloc(32, 'shared with the platform');
const studio = useStudio({
  planted: true,
  settings: (baseUrl) => ({
    models: [{ name: 'studio', kind: 'openai', baseUrl }],
    applications: [{ id: 'default', name: 'Shop', keys: [{ kid: 'k1', algorithm: 'HMAC', secret: SECRET.toString('base64url') }] }],
    standing: { limited: { requests: 2, perMinutes: 60 } },
  }),
});

function claim(sub: string, more: object = {}): string {
  const at = Math.floor(Date.now() / 1000);
  const payload = { iss: 'default', aud: 'imprimatur', sub, jti: randomUUID(), iat: at, exp: at + 60, tier: 'free', ...more };
  const head = `v1.k1.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${head}.${createHmac('sha256', SECRET).update(head).digest('base64url')}`;
}
const ask = (sub: string, { body = {}, path = '/v1/images/generations', more = {} } = {}) =>
  studio.gateway.post(
    path,
    { model: 'studio', prompt: `a ball ${randomUUID()}`, ...body },
    { headers: { 'imprimatur-user': claim(sub, more) } },
  );
const errorOf = async (answer: Response) => JSON.parse(await answer.text()).error;
const operator = { surface: 'operator' };
const post = (path: string, body: object, token?: string) =>
  studio.gateway.post(path, body, token === undefined ? operator : { headers: { authorization: `Bearer ${token}` } });
const jsonOf = async (answer: Response) => JSON.parse(await answer.text());

/** Something of this person is held for a person to decide. */
async function heldFor(sub: string | null): Promise<{ caseId: string; id: string }> {
  studio.plant.findInArtifacts(known(0.6));
  const answer = sub === null ? await studio.gateway.post('/v1/images/generations', { prompt: `a ball ${randomUUID()}` }) : await ask(sub);
  const { imprimatur } = await errorOf(answer);
  studio.plant.reset();
  return { caseId: imprimatur.case_id, id: imprimatur.generation_id };
}
const decide = (caseId: string, body: object, token?: string) =>
  post(`/v1/cases/${caseId}/decisions`, { decision: 'block', ...body }, token);
const dossier = async (caseId: string) => jsonOf(await studio.gateway.fetch(`/v1/cases/${caseId}`, operator));

describe('an end user on whom people acted', () => {
  it('is suspended by two people, refused at every door in their language, told why, and free when the appeal is right', async () => {
    const { caseId, id } = await heldFor('u-suspended');
    const second = (await jsonOf(await post('/v1/keys', { name: 'second', roles: ['senior_reviewer'] }))).token;
    const third = (await jsonOf(await post('/v1/keys', { name: 'third', roles: ['senior_reviewer'] }))).token;
    const body = { user_action: 'suspend', user_action_days: 3, reasons: ['planted'], note: 'again and again' };
    expect((await decide(caseId, body, third)).status).toBe(200);
    expect((await ask('u-suspended')).status).toBe(200);
    expect((await decide(caseId, body, second)).status).toBe(200);

    const chat = { messages: [{ role: 'user', content: 'Draw a ball.' }], modalities: ['image'] };
    const doors = [{}, { path: '/v1/chat/completions', body: chat }, { body: { stream: true } }];
    const calls = studio.upstream.calls.length;
    for (const door of doors) {
      const answer = await ask('u-suspended', { ...door, more: { locale: 'de-AT' } });
      const error = await errorOf(answer);
      expect([answer.status, error.code, answer.headers.get('x-should-retry')]).toEqual([403, 'user_suspended', 'false']);
      expect(error.imprimatur).toMatchObject({ standing: 'suspend', explanation: { language: 'de' }, appeal_url: expect.any(String) });
      expect(error.imprimatur.explanation.text).toMatch(/^Ihr Konto kann bis zum .* keine Bilder erstellen\.$/);
    }
    // Leaving the claim out makes nobody another person, as long as the platform names them.
    expect((await studio.gateway.post('/v1/images/generations', { prompt: 'a ball', user: 'u-suspended' })).status).toBe(403);
    expect((await ask('u-another')).status).toBe(200);
    expect(studio.upstream.calls).toHaveLength(calls + 1);

    const { imprimatur } = await errorOf(await ask('u-suspended'));
    const statement = await jsonOf(await studio.gateway.fetch(imprimatur.statement_url));
    expect(statement).toMatchObject({ restriction: 'account_suspended', eu: { decision_account: 'DECISION_ACCOUNT_SUSPENDED' } });
    expect(statement.eu.end_date_account_restriction).toBe(imprimatur.until.slice(0, 10));
    expect((await jsonOf(await studio.gateway.fetch(`/v1/generations/${id}/statement`))).restriction).toBe('withheld');

    const appealed = await jsonOf(
      await studio.gateway.post('/v1/appeals', { decision_id: imprimatur.decision_id, statement: 'It is a ball.' }),
    );
    const list = await jsonOf(await studio.gateway.fetch('/v1/cases?status=open&kind=appeal', operator));
    const found = list.data.find((one: { subject?: { appeal?: string } }) => one.subject?.appeal === appealed.id) ?? list.data[0];
    expect((await post(`/v1/cases/${found.id}/decisions`, { decision: 'overturn', reasons: ['wrong'] })).status).toBe(200);
    await expect.poll(async () => (await ask('u-suspended')).status).toBe(200);
    const kinds = (await ledgerEntries(studio.gateway)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['user.measure_imposed', 'user.measure_lifted']));
  });

  it('is limited at once by one person, gets a few pictures, and all again when the block turns out to be wrong', async () => {
    const { caseId } = await heldFor('u-limited');
    expect((await decide(caseId, { user_action: 'limit', reasons: ['planted'], note: 'slow down' })).status).toBe(200);
    expect([(await ask('u-limited')).status, (await ask('u-limited')).status]).toEqual([200, 200]);
    const refused = await ask('u-limited');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
    expect((await errorOf(refused)).code).toBe('user_limited');
    expect((await dossier((await heldOther()).caseId)).user).toBeNull();
    const corrected = await post(`/v1/cases/${caseId}/corrections`, { decision: 'release', reasons: ['fine'], note: 'It was fine.' });
    expect(await corrected.text()).toContain('"waits_for_second":false');
    await expect.poll(async () => (await ask('u-limited')).status).toBe(200);
  });

  it('is shown with everything to whoever decides next, and is let off by somebody who says why', async () => {
    const { caseId } = await heldFor('u-warned');
    await decide(caseId, { user_action: 'strike', reasons: ['planted'], note: 'a strike' });
    const next = await heldFor('u-warned');
    const { user, policy } = await dossier(next.caseId);
    expect(user).toMatchObject({ standing: 'good', measures: [{ action: 'strike', in_force: true, case_id: caseId }] });
    const found = await jsonOf(await studio.gateway.fetch(`/v1/search?q=${user.pseudonym}`, operator));
    expect(found.users).toEqual([{ pseudonym: user.pseudonym, held: 2, refused: 1, strikes: 1 }]);
    expect(found.cases.map((one: { id: string }) => one.id).sort()).toEqual([caseId, next.caseId].sort());
    expect(policy.user_actions).toEqual({ names: ['warn', 'strike', 'limit', 'suspend', 'ban'], unavailable: null });

    const path = `/v1/users/${user.pseudonym}/standing`;
    expect(await jsonOf(await post(path, { action: 'step_up', reason: 'many accounts' }))).toMatchObject({ standing: 'step_up' });
    const refused = await errorOf(await ask('u-warned', { more: { locale: 'fr' } }));
    expect(refused).toMatchObject({
      code: 'user_step_up',
      imprimatur: { would_help: { verified: true }, would_help_text: { language: 'fr' } },
    });
    expect((await ask('u-warned', { more: { verified: true } })).status).toBe(200);
    expect((await ask('u-warned')).status).toBe(403);
    const lifted = await jsonOf(await post(`${path}/lift`, { reason: 'a mistake' }));
    expect(lifted).toMatchObject({
      standing: 'good',
      measures: [{ lifted: { reason: 'a mistake' } }, { lifted: { reason: 'a mistake' } }],
    });
    expect((await ask('u-warned')).status).toBe(200);
    expect((await post(`${path}/lift`, { reason: 'again' })).status).toBe(404);

    const users = (...args: string[]) => runCommand(['users', ...args, '--config', studio.gateway.configFile]);
    expect((await users('standing', user.pseudonym)).out).toMatch(/of default: good[\s\S]*strike +lifted[\s\S]*planted/);
    expect((await users('warn', user.pseudonym, '--reason', 'the last time')).out).toMatch(/warn +in force[\s\S]*the last time/);
    expect((await users('lift', user.pseudonym, '--reason', 'never mind')).out).toMatch(/warn +lifted/);
    expect((await users('standing', 'ffffffffffffffff')).code).toBe(1);
    expect([(await users('ban', user.pseudonym, '--reason', 'x')).code, (await users('lift', user.pseudonym)).code]).toEqual([2, 2]);
    expect((await studio.gateway.fetch(path)).status).toBe(403);
  });

  it('has to be somebody: where nobody knows who asked, the action is refused before anything is decided', async () => {
    const { caseId } = await heldOther();
    const answer = await decide(caseId, { user_action: 'warn', reasons: ['planted'], note: 'who?' });
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({ param: 'user_action', message: expect.stringContaining('signed claim') });
    const found = await dossier(caseId);
    expect(found.status).toBe('open');
    expect(found.policy.user_actions).toEqual({ names: [], unavailable: 'no_known_user' });
  });
});

const heldOther = () => heldFor(null);

describe('a surface', () => {
  it('is registered while the gateway runs, and keys of it work at once; one of the configuration is changed there', async () => {
    const put = (id: string) =>
      studio.gateway.fetch(`/v1/surfaces/${id}`, {
        ...operator,
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Kiosk' }),
      });
    expect((await post('/v1/keys', { surface: 'kiosk' })).status).toBe(400);
    expect((await errorOf(await put('chat'))).code).toBe('surface_configured');
    expect((await put('kiosk')).status).toBe(200);
    const { token } = await jsonOf(await post('/v1/keys', { surface: 'kiosk' }));
    const authorization = `Bearer ${token}`;
    const made = await studio.gateway.post('/v1/images/generations', { prompt: 'a kiosk' }, { headers: { authorization } });
    expect(made.status).toBe(200);
    const { data } = await jsonOf(await studio.gateway.fetch('/v1/surfaces', operator));
    expect(data.map(({ id, source }: { id: string; source: string }) => `${id} ${source}`)).toEqual([
      'chat config',
      'app config',
      'api config',
      'kiosk operator',
    ]);
  });
});

describe('usage', () => {
  it('is closed by itself once a day is over, and is the same by API and by command, in each form', async () => {
    const { db } = studio.gateway.gateway.parts;
    await db.query({ text: "update generations set created_at = created_at - interval '2 days'" });
    await db.query({ text: "update jobs set run_at = clock_timestamp() where queue = 'usage-days'" });
    const { rows } = await db.query<{ from: string }>({
      text: `select to_char(min(created_at at time zone 'UTC'), 'YYYY-MM-DD') as from from generations`,
    });
    const { from } = rows[0] ?? { from: '' };
    const get = (format: string, more = '') => studio.gateway.fetch(`/v1/usage?from=${from}&to=${from}&format=${format}${more}`, operator);
    const read = async () => jsonOf(await get('json', '&open=true'));
    await expect.poll(async () => (await read()).closed_through).toBe(from);
    const { data, days, open } = await read();
    expect(open).toEqual([]);
    expect(data).toContainEqual(expect.objectContaining({ surface: 'kiosk', kind: 'usage', requests: 1, pictures: 1, cost_units: 1 }));
    const asked = data.reduce((sum: number, { requests }: { requests: number }) => sum + requests, 0);
    expect(asked).toBe(Number((await db.query({ text: 'select count(*) as n from generations' })).rows[0]?.['n']));
    expect(days).toEqual([{ day: from, lines: data.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);

    const csv = await get('csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect((await csv.text()).split('\r\n')).toHaveLength(data.length + 2);
    const events = await get('cloudevents');
    expect(events.headers.get('content-type')).toContain('application/cloudevents-batch+json');
    const batch = await jsonOf(events);
    expect(new Set(batch.map(({ id }: { id: string }) => id)).size).toBe(data.length);
    expect(batch[0]).toMatchObject({ specversion: '1.0', type: 'imprimatur.usage.v1', data: data[0] });
    const command = ['usage', 'export', '--from', from, '--format', 'cloudevents', '--config', studio.gateway.configFile];
    const printed = await runCommand(command);
    expect(JSON.parse(printed.out)).toEqual(batch);

    expect((await studio.gateway.fetch(`/v1/usage?from=${from}&to=${from}`)).status).toBe(403);
    for (const span of ['from=2026-01-02&to=2026-01-01', 'from=2020-01-01&to=2026-01-01', 'from=x&to=y']) {
      expect((await studio.gateway.fetch(`/v1/usage?${span}`, operator)).status, span).toBe(400);
    }
  });
});
