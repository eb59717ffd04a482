import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, describe, expect, it } from 'vitest';
import { countOf } from './answers.ts';
import { useStudio } from './studio.ts';

const folder = mkdtempSync(join(tmpdir(), 'imprimatur-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const RULE = `
  - id: chat-is-for-adults
    description: Pictures in the chat are for adults whom the platform knows.
    when: { surface: [chat] }
    requires: { tier: verified, age: { over: 18, method: verified } }
    action: block
`;
const policy = join(folder, 'policy.yaml');
writeFileSync(policy, readFileSync('policies/standard/policy.yaml', 'utf8').replace(/^rules:\n/m, `rules:${RULE}`));

const SECRET = Buffer.alloc(32, 'shared with the platform');
const studio = useStudio({
  settings: (baseUrl) => ({
    policy,
    models: [{ name: 'studio', kind: 'openai', baseUrl }],
    applications: [{ id: 'default', name: 'Shop', keys: [{ kid: 'k1', algorithm: 'HMAC', secret: SECRET.toString('base64url') }] }],
  }),
});

const ADULT = { tier: 'verified', verified: true, age: { over: 18, method: 'verified', on: '2026-01-01' } };
function claim(said: object = ADULT, secret: Uint8Array = SECRET): string {
  const at = Math.floor(Date.now() / 1000);
  const payload = { iss: 'default', aud: 'imprimatur', sub: 'pseudonym-7', jti: randomUUID(), iat: at, exp: at + 60, ...said };
  const head = `v1.k1.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}
const make = (header?: string, prompt = 'a lighthouse') =>
  studio.gateway.post(
    '/v1/images/generations',
    { model: 'studio', prompt },
    { surface: 'chat', headers: header === undefined ? {} : { 'imprimatur-user': header } },
  );
const errorOf = async (answer: Response) => JSON.parse(await answer.text()).error;

describe('an end user', () => {
  it('of whom nothing is said is refused what is for adults, and told what would help', async () => {
    const answer = await make();
    expect(answer.status).toBe(400);
    const error = await errorOf(answer);
    expect(error.imprimatur.would_help).toEqual({ tier: 'verified', age: { over: 18, method: 'verified' } });
    expect(error.message).toContain('a verified account and an age of 18 or more, verified');
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('for whom the platform vouches gets the picture, and is named nowhere in clear', async () => {
    const answer = await make(claim());
    expect(answer.status).toBe(200);
    const { db } = studio.gateway.gateway.parts;
    const { rows } = await db.query({ text: 'select submission, body_digest, answer from generations' });
    expect(JSON.stringify(rows)).not.toContain('pseudonym-7');
    expect(rows.some(({ submission }) => Buffer.isBuffer(submission) && submission.includes('pseudonym-7'))).toBe(false);
  });

  it('whose claim is bad is refused, never taken for somebody unknown, and the SDK tries once', async () => {
    for (const bad of [claim(ADULT, Buffer.alloc(32)), claim({ ...ADULT, exp: 1 }), 'v1', `${claim()}, ${claim()}`]) {
      // On a surface where nobody need be known.
      const answer = await studio.gateway.post('/v1/images/generations', { prompt: 'a' }, { headers: { 'imprimatur-user': bad } });
      expect(answer.status).toBe(400);
      expect(await errorOf(answer)).toMatchObject({ code: 'user_claim_invalid', param: 'Imprimatur-User' });
      expect(answer.headers.get('x-should-retry')).toBe('false');
    }
    let attempts = 0;
    const sdk = new OpenAI({
      apiKey: studio.gateway.key('chat'),
      baseURL: `${studio.gateway.url}/v1`,
      fetch: (url, init) => {
        attempts += 1;
        return fetch(url, init);
      },
    });
    await expect(sdk.images.generate({ prompt: 'a', model: 'studio' }, { headers: { 'Imprimatur-User': 'v1' } })).rejects.toThrow(
      'cannot be believed',
    );
    expect(attempts).toBe(1);
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('is not believed by a claim that is too long, that confuses algorithms, or whose clock is off by more than a minute', async () => {
    const json = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const at = Math.floor(Date.now() / 1000);
    const said = { iss: 'default', aud: 'imprimatur', sub: 'pseudonym-7', jti: randomUUID(), iat: at, exp: at + 60, ...ADULT };
    const hs256 = `${json({ alg: 'HS256', kid: 'k1' })}.${json(said)}`;
    const wrong: [string, string, string][] = [
      ['too long', claim({ ...ADULT, more: 'x'.repeat(4_000) }), '4096'],
      ['without a signature', `${json({ alg: 'none', kid: 'k1' })}.${json(said)}.`, 'signs with'],
      ['a JWT by the key of the plain form', `${hs256}.${createHmac('sha256', SECRET).update(hs256).digest('base64url')}`, 'signs with'],
      ['from the future', claim({ ...ADULT, iat: at + 120, exp: at + 180 }), 'clocks'],
      ['not valid yet', claim({ ...ADULT, nbf: at + 120 }), 'clocks'],
      ['over for more than a minute', claim({ ...ADULT, iat: at - 130, exp: at - 70 }), 'expired'],
      ['valid for years, but signed long ago', claim({ ...ADULT, iat: at - 3_600, exp: at + 1e9 }), 'older than'],
    ];
    const used = await countOf(studio.gateway, 'used_claims');
    for (const [title, header, why] of wrong) {
      const answer = await make(header);
      expect([answer.status, answer.headers.get('x-should-retry')], title).toEqual([400, 'false']);
      expect(await errorOf(answer), title).toMatchObject({ code: 'user_claim_invalid', message: expect.stringContaining(why) });
    }
    const endless = await make('x'.repeat(20_000));
    expect([endless.status, (await errorOf(endless)).code]).toEqual([400, 'request_malformed']);
    expect([studio.upstream.calls.length, await countOf(studio.gateway, 'used_claims')]).toEqual([0, used]);
    for (const skew of [{ iat: at + 30 }, { iat: at - 90, exp: at - 30 }, { nbf: at + 30 }])
      expect((await make(claim({ ...ADULT, ...skew }))).status, 'clocks differ by half a minute').toBe(200);
    expect([studio.upstream.calls.length, await countOf(studio.gateway, 'used_claims')]).toEqual([3, used + 3]);
  });

  it('cannot be spoken for by a claim that was used; an SDK may try the same request again with it', async () => {
    const once = claim();
    const before = studio.upstream.calls.length;
    const answers = [await make(once), await make(once), ...(await Promise.all([make(once), make(once)]))];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    // The claim is for one request: whoever copies it gets that one's answer.
    expect(new Set(answers.map(({ headers }) => headers.get('x-imprimatur-generation-id'))).size).toBe(1);
    expect(studio.upstream.calls).toHaveLength(before + 1);
    const other = await make(once, 'another lighthouse');
    expect(await errorOf(other)).toMatchObject({ code: 'user_claim_invalid' });
  });

  it('gets a picture of their own, also for the words of another', async () => {
    const retry = { 'x-stainless-retry-count': '1' };
    const ask = (sub: string) =>
      studio.gateway.post(
        '/v1/images/generations',
        { model: 'studio', prompt: 'the same words' },
        { surface: 'chat', headers: { 'imprimatur-user': claim({ ...ADULT, sub }), ...retry } },
      );
    const [one, two] = [await ask('pseudonym-1'), await ask('pseudonym-2')];
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.headers.get('x-imprimatur-generation-id')).not.toBe(two.headers.get('x-imprimatur-generation-id'));
    expect(studio.upstream.calls).toHaveLength(2);
  });
});

describe('a key', () => {
  const asked = (body: object) => studio.gateway.post('/v1/keys', body, { surface: 'operator' });

  it('with a misspelt member is refused, not made with all rights for ever', async () => {
    const answer = await asked({ surface: 'chat', scope: ['images.read'] });
    expect([answer.status, (await errorOf(answer)).message]).toEqual([400, expect.stringContaining('scope')]);
  });

  it('belongs to an application that is registered, so that its rules for end users bind', async () => {
    const answer = await asked({ surface: 'chat', application: 'shpo' });
    expect([answer.status, (await errorOf(answer)).param]).toEqual([400, 'application']);
    expect((await asked({ surface: 'chat', application: 'default' })).status).toBe(201);
  });
});
