import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { makeDataDir } from '../postgres/databases.ts';
import { Browser, read } from './browser.ts';
import { openDoor } from './door.ts';
import { CLIENT, startIdentityProvider } from './identity-provider.ts';

const PAGE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

let db: Database;
let dataDir: string;
beforeAll(async () => {
  dataDir = await makeDataDir();
  db = await openDatabase({ dataDir });
  await migrate(db);
});
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('signing in', () => {
  const steps: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of steps.splice(0).reverse()) await step();
    await db.query({ text: 'delete from users' });
  });

  async function house({ inIdToken = false, map = {}, ...settings }: Record<string, unknown> & { inIdToken?: boolean; map?: object } = {}) {
    const port = await freePort();
    const redirectUri = `http://127.0.0.1:${port}/v1/sign-in/callback`;
    const provider = await startIdentityProvider({ redirectUri, inIdToken });
    steps.push(provider.stop);
    const roles = { claim: 'groups', map: { reviewers: ['reviewer'], leads: ['senior_reviewer', 'quality_lead'], ...map } };
    const door = await openDoor(db, port, { oidc: { ...CLIENT, issuer: provider.issuer, roles }, ...settings });
    steps.push(door.close);
    const browser = new Browser();
    const me = async (of = browser) => read(await of.ask(`${door.url}/v1/me`, { headers: { 'sec-fetch-site': 'same-origin' } }));
    const enter = async (login: string, { of = browser, query = '' } = {}) => {
      const back = await of.walk(`${door.url}/v1/sign-in?return_to=/console/cases${query}`, `${door.url}/v1/sign-in/callback`, login);
      return of.ask(back);
    };
    return { provider, door, browser, me, enter };
  }

  it.each([true, false])(
    'lets somebody in through the provider, with the roles of their groups (in the ID token: %s)',
    async (inIdToken) => {
      const { provider, door, me, enter } = await house({ inIdToken });
      provider.groups.set('ada', ['reviewers', 'gardeners']);
      const answer = await enter('ada');
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe('/console/cases');
      expect(answer.headers.getSetCookie().join('\n')).toMatch(/imprimatur_\d+=[\w-]{43};.*HttpOnly.*SameSite=Lax/i);
      expect(await me()).toMatchObject({ name: 'Name of ada', roles: ['reviewer'], language: 'de', csrf_token: expect.any(String) });
      expect(door.entries.map((entry) => entry.kind)).toEqual(['session.started']);
      expect(JSON.stringify(door.entries)).not.toContain('ada');
    },
  );

  it('lets nobody in whom the provider knows and nobody gave a role, and says so', async () => {
    const { browser, door, enter } = await house();
    const answer = await enter('stranger');
    expect(answer.headers.get('location')).toBe('/console/cases?sign_in_error=no_role');
    expect((await browser.ask(`${door.url}/v1/me`)).status).toBe(401);
    expect(door.entries).toEqual([expect.objectContaining({ kind: 'sign_in.refused', because: 'no_role' })]);
  });

  it('keeps nothing from which a thief of the database could make a session', async () => {
    const { provider, browser, door, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    await enter('ada');
    const [token] = [...(browser.cookies.get(new URL(door.url).host)?.values() ?? [])];
    const { rows } = await db.query({ text: 'select * from sessions' });
    expect(rows).toHaveLength(1);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('takes no answer of the provider that another browser began, that was used, or that nobody began', async () => {
    const { provider, door, browser } = await house();
    provider.groups.set('ada', ['reviewers']);
    const callback = `${door.url}/v1/sign-in/callback`;
    const back = await browser.walk(`${door.url}/v1/sign-in`, callback, 'ada');
    const victim = await new Browser().ask(back);
    expect(victim.headers.get('location')).toContain('sign_in_error=expired');
    const first = await browser.ask(back);
    expect(first.headers.get('location')).toBe('/console');
    expect((await browser.ask(back)).headers.get('location')).toContain('sign_in_error=expired');
    expect((await browser.ask(`${callback}?code=x&state=y`)).headers.get('location')).toContain('sign_in_error=expired');
  });

  it('locks nobody out whom a page of somebody else sends here, however often', async () => {
    const { provider, door, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    const sent = () => new Browser().ask(`${door.url}/v1/sign-in/callback?code=x&state=y`);
    for (let i = 0; i < 12; i++) expect((await sent()).headers.get('location')).toContain('sign_in_error=expired');
    expect((await enter('ada')).headers.get('location')).toBe('/console/cases');
  });

  it('takes no code with another state, and no code of another sign-in', async () => {
    const { provider, door, browser } = await house();
    provider.groups.set('ada', ['reviewers']);
    const callback = `${door.url}/v1/sign-in/callback`;
    const [one, two] = [
      await browser.walk(`${door.url}/v1/sign-in`, callback, 'ada'),
      await browser.walk(`${door.url}/v1/sign-in`, callback, 'ada'),
    ];
    const mixed = new URL(one);
    mixed.searchParams.set('code', new URL(two).searchParams.get('code') ?? '');
    // The code of the other sign-in was given for another PKCE challenge.
    expect((await browser.ask(mixed.href)).headers.get('location')).toContain('sign_in_error=failed');
  });

  it('gives a browser a new session at each sign-in, and the old one opens nothing any more', async () => {
    const { provider, door, browser, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    await enter('ada');
    const { host } = new URL(door.url);
    const before = new Map(browser.cookies.get(host));
    await enter('ada');
    expect(browser.cookies.get(host)).not.toEqual(before);
    const thief = new Browser();
    thief.cookies.set(host, before);
    expect((await thief.ask(`${door.url}/v1/me`)).status).toBe(401);
  });

  it('signs out here and at the provider', async () => {
    const { provider, door, browser, me, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    await enter('ada');
    const { csrf_token } = await me();
    const copy = new Browser();
    for (const [host, jar] of browser.cookies) copy.cookies.set(host, new Map(jar));
    const out = await browser.ask(`${door.url}/v1/sign-out`, {
      method: 'POST',
      headers: { ...PAGE, 'x-csrf-token': csrf_token },
      body: '{}',
    });
    const { redirect } = await read(out);
    expect(redirect).toMatch(`${provider.issuer}/session/end?`);
    expect(new URL(redirect).searchParams.get('post_logout_redirect_uri')).toBe(`${door.url}/console`);
    for (const one of [browser, copy]) expect((await one.ask(`${door.url}/v1/me`)).status).toBe(401);
    expect((await browser.ask(redirect)).status).toBe(200);
  });

  it("ends here as well when somebody signs out at the provider, and not for a word that is not the provider's", async () => {
    const { provider, door, browser, me, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    await enter('ada');
    const say = (token: string) =>
      fetch(`${door.url}/v1/sign-in/back-channel-logout`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });
    const stranger = await generateKeyPair('RS256');
    const forged = await new SignJWT({ sub: 'ada', jti: '1', events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(provider.issuer)
      .setAudience(CLIENT.clientId)
      .setIssuedAt()
      .sign(stranger.privateKey);
    for (const token of [forged, 'x', '', `${forged}.x`]) expect((await say(token)).status).toBe(400);
    expect((await me()).roles).toEqual(['reviewer']);

    const page = await (await browser.ask(`${provider.issuer}/session/end`)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    await browser.ask(`${provider.issuer}/session/end/confirm`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, logout: 'yes' }).toString(),
    });
    expect((await browser.ask(`${door.url}/v1/me`)).status).toBe(401);
    expect(door.entries.at(-1)).toMatchObject({ kind: 'session.ended', by: 'provider' });
  });

  it('changes what somebody may within a second of a change of roles, and lets nobody in who is blocked', async () => {
    const { provider, door, browser, me, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    await enter('ada');
    const { id } = await me();
    const { token } = await door.staffKey();
    const change = (body: object) =>
      fetch(`${door.url}/v1/staff/${id}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await change({ granted: ['auditor'] })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await me()).roles).toEqual(['reviewer', 'auditor']);
    expect((await change({ blocked: true })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await browser.ask(`${door.url}/v1/me`)).status).toBe(401);
    expect((await enter('ada')).headers.get('location')).toContain('no_role');
  });

  it('takes the roles from a person in every browser as soon as the provider gives them no more', async () => {
    const { provider, door, browser, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    await enter('ada');
    provider.groups.delete('ada');
    await enter('ada', { of: new Browser() });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await browser.ask(`${door.url}/v1/me`)).status).toBe(401);
  });

  it('tells a provider that is down from a person who is refused, decides nothing meanwhile, and works again when it is back', async () => {
    const { provider, door, browser, me, enter } = await house();
    provider.groups.set('ada', ['reviewers']);
    await provider.stop();
    const answer = await browser.ask(`${door.url}/v1/sign-in?return_to=/console/cases`);
    expect(answer.headers.get('location')).toBe('/console/cases?sign_in_error=provider_unavailable');
    await provider.startAgain();
    await enter('ada');
    expect((await me()).roles).toEqual(['reviewer']);
    const back = await browser.walk(`${door.url}/v1/sign-in`, `${door.url}/v1/sign-in/callback`, 'ada');
    await provider.stop();
    expect((await browser.ask(back)).headers.get('location')).toBe('/console?sign_in_error=provider_unavailable');
    // Whoever was in stays in.
    expect((await me()).roles).toEqual(['reviewer']);
  });

  it('asks for a fresh sign-in before somebody makes a key, and takes it', async () => {
    const { provider, door, browser, me, enter } = await house({ map: { admins: ['operator'] } });
    provider.groups.set('root', ['admins']);
    await enter('root');
    const make = async () => {
      const { csrf_token } = await me();
      const headers = { ...PAGE, 'x-csrf-token': csrf_token };
      return browser.ask(`${door.url}/v1/keys`, { method: 'POST', headers, body: JSON.stringify({ name: 'made' }) });
    };
    await db.query({ text: `update sessions set signed_in_at = clock_timestamp() - interval '16 minutes'` });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await read(await make())).error.code).toBe('reauthentication_required');
    await enter('root', { query: '&fresh=1' });
    expect((await make()).status).toBe(201);
  });

  it('ends a session that was idle too long, one that lasted long enough, and all of them when the settings give roles otherwise', async () => {
    const { provider, door, browser, enter } = await house({ sessions: { idleMinutes: 30, hours: 12 } });
    provider.groups.set('ada', ['reviewers']);
    for (const change of [
      `last_seen_at = clock_timestamp() - interval '31 minutes'`,
      `ends_at = clock_timestamp() - interval '1 second'`,
      `grounds = 'other settings'`,
    ]) {
      await enter('ada');
      expect((await browser.ask(`${door.url}/v1/me`)).status).toBe(200);
      await db.query({ text: `update sessions set ${change}` });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const answer = await browser.ask(`${door.url}/v1/me`);
      expect((await read(answer)).error.code).toBe('session_over');
    }
  });

  it('sends nobody anywhere but to the console after the sign-in', async () => {
    const { door, browser } = await house();
    const wishes = [
      '//evil.example',
      '/console/../../x',
      'https://evil.example/console',
      '/console\\@evil.example',
      '/consolex',
      '/v1/keys',
    ];
    for (const returnTo of wishes) {
      const answer = await browser.ask(`${door.url}/v1/sign-in?return_to=${encodeURIComponent(returnTo)}`);
      expect((await read(answer)).error.code, returnTo).toBe('request_invalid');
    }
  });

  describe('without a provider, on this machine', () => {
    async function alone(settings: Record<string, unknown> = {}) {
      const door = await openDoor(db, await freePort(), settings);
      steps.push(door.close);
      const browser = new Browser();
      const show = (body: object, headers: Record<string, string> = {}) =>
        browser.ask(`${door.url}/v1/sign-in/development`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });
      return { door, browser, show };
    }

    it('lets in whoever shows a staff key, with its roles and no more', async () => {
      const { door, browser, show } = await alone();
      const { token } = await door.staffKey(['reviewer', 'auditor']);
      expect((await show({ key: token, roles: ['operator'] })).status).toBe(403);
      expect((await show({ key: token, roles: ['reviewer'], name: 'Ada' })).status).toBe(204);
      expect(await read(await browser.ask(`${door.url}/v1/me`))).toMatchObject({ name: 'Ada', roles: ['reviewer'] });
    });

    it("lets whoever shows the development key see it with anybody's eyes", async () => {
      const { door, browser, show } = await alone();
      const { token } = await door.staffKey(['operator'], true);
      expect((await show({ key: token, roles: ['child_safety', 'legal'] })).status).toBe(204);
      expect((await read(await browser.ask(`${door.url}/v1/me`))).permissions).toContain('cases.restricted');
    });

    it('ends with the key', async () => {
      const { door, browser, show } = await alone();
      const { token, id } = await door.staffKey();
      await show({ key: token });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      expect((await fetch(`${door.url}/v1/keys/${id}/revoke`, { method: 'POST', headers, body: '{}' })).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect((await browser.ask(`${door.url}/v1/me`)).status).toBe(401);
    });

    it('locks out an address that guesses, and then takes not even the right key from it, in no other process either', async () => {
      const { door, show } = await alone();
      const { token } = await door.staffKey();
      for (let guess = 0; guess < 10; guess++) expect((await show({ key: `guess-number-${guess}` })).status).toBe(401);
      const answer = await show({ key: token });
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(800);
      const { show: elsewhere } = await alone();
      expect((await elsewhere({ key: token })).status).toBe(429);
      await db.query({ text: 'delete from sign_in_failures' });
    });

    it('is not there where a provider is configured, and not for the page of somebody else', async () => {
      const { door, show } = await alone();
      const { token } = await door.staffKey();
      expect((await show({ key: token }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
      const { door: other } = await house();
      const sent = await fetch(`${other.url}/v1/sign-in/development`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ key: token }),
      });
      expect(sent.status).toBe(404);
      const options = await (await fetch(`${other.url}/v1/sign-in/options`)).json();
      expect(options).toEqual({ oidc: true, oidc_name: 'your organization', development: false });
    });
  });

  describe('a page of somebody else', () => {
    it('reads nothing and does nothing with the cookie of a session, even with its token', async () => {
      const { provider, door, browser, me, enter } = await house();
      provider.groups.set('ada', ['reviewers']);
      await enter('ada');
      const { csrf_token } = await me();
      const elsewhere: Record<string, string>[] = [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
      ];
      for (const headers of elsewhere) {
        const got = await browser.ask(`${door.url}/v1/me`, { headers });
        const sent = { 'content-type': 'application/json', 'x-csrf-token': csrf_token, ...headers };
        const write = await browser.ask(`${door.url}/v1/me/preferences`, { method: 'PUT', headers: sent, body: '{}' });
        for (const answer of [got, write]) expect((await read(answer)).error.code).toBe('request_forged');
      }
    });

    it('changes nothing without the token of the session, or with that of another, or in silence of where it comes from', async () => {
      const { provider, door, browser, me, enter } = await house();
      provider.groups.set('ada', ['reviewers']);
      await enter('ada');
      const other = new Browser();
      await enter('ada', { of: other });
      const put = async (headers: Record<string, string>) => {
        const init = { method: 'PUT', headers: { 'content-type': 'application/json', ...headers }, body: '{"theme":"dark"}' };
        return read(await browser.ask(`${door.url}/v1/me/preferences`, init));
      };
      const own = (await me()).csrf_token;
      for (const headers of [PAGE, { ...PAGE, 'x-csrf-token': (await me(other)).csrf_token }, { 'x-csrf-token': own }])
        expect((await put(headers)).error.code).toBe('request_forged');
      expect(await put({ ...PAGE, 'x-csrf-token': own })).toEqual({ theme: 'dark' });
      expect((await me()).preferences).toEqual({ theme: 'dark' });
    });
  });
});
