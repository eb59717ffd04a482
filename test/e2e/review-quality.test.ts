import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRandom } from '../../src/prompts/classifier/train/random.ts';
import { gapByChance } from '../../src/statistics/permutation.ts';
import { jsonOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { sequenced } from './ledger-entries.ts';
import { useStudio } from './studio.ts';

const HELD_PROMPT = 'photo of Angela Merkel being arrested';
const EACH = 6;
const JSON_BODY = { 'content-type': 'application/json' };

const studio = useStudio({
  settings: (baseUrl) => ({
    models: [{ name: 'studio', kind: 'openai', baseUrl }],
    reviewers: { quality: { doubleShare: 0, goldShare: 1 } },
    exports: { applications: ['default'] },
  }),
});

const caseList = z.object({ data: z.array(z.looseObject({ id: z.string(), status: z.string() })) });
const leaseAnswer = z.looseObject({ id: z.string(), fence: z.number() });

/** Somebody in a browser. */
async function signIn(name: string, roles: readonly string[]) {
  const { url } = studio.gateway;
  const headers = { origin: url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/sign-in/development`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ key: studio.gateway.key('operator'), name, roles }),
  });
  expect(answer.status).toBe(204);
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const me = await fetch(`${url}/v1/me`, { headers: { ...headers, cookie } });
  const { csrf_token } = await jsonOf(me, z.looseObject({ csrf_token: z.string() }));
  return (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        origin: url,
        'sec-fetch-site': 'same-origin',
        cookie,
        'x-csrf-token': csrf_token,
        ...(body === undefined ? {} : JSON_BODY),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}
type Person = Awaited<ReturnType<typeof signIn>>;

async function hold(count: number) {
  for (let n = 0; n < count; n++) {
    const answer = await studio.gateway.post('/v1/images/generations', { prompt: HELD_PROMPT });
    expect(answer.status).not.toBe(200);
  }
}

async function openCases(person: Person) {
  return (await jsonOf(await person('GET', '/v1/cases?status=open&limit=100'), caseList)).data.map(({ id }) => id);
}

async function decide(person: Person, id: string) {
  const lease = await jsonOf(await person('POST', `/v1/cases/${id}/claim`, {}), leaseAnswer);
  const wish = { decision: 'block', policy: 'standard', reasons: ['likeness'], note: 'n', lease: lease.id, fence: lease.fence, undo: 0 };
  const answer = await person('POST', `/v1/cases/${id}/decisions`, wish);
  expect(answer.status, await answer.clone().text()).toBe(200);
}

/** Everything that a reviewer's browser gets to see of a case while it is worked on, without what differs between any two cases. */
async function traffic(person: Person, id: string, oldMs: number) {
  const seen: string[] = [];
  const times: number[] = [];
  const look = async (method: string, path: string, body?: unknown) => {
    const started = performance.now();
    const answer = await person(method, path, body);
    const text = await answer.text();
    times.push(performance.now() - started);
    const headers = [...answer.headers]
      .filter(([name]) => !['date', 'set-cookie'].includes(name))
      .map(([name, value]) => `${name} ${masked(value).length}`);
    seen.push([method, path.replace(id, 'ID'), answer.status, headers.join(), text.length, masked(text, openedAt - oldMs)].join('\n'));
    return text;
  };
  const list = await jsonOf(
    await person('GET', '/v1/cases?status=open&limit=100'),
    z.object({ data: z.array(z.looseObject({ id: z.string() })) }),
  );
  const entry = list.data.find((one) => one.id === id);
  const openedAt = Date.parse(String(entry?.['opened_at']));
  seen.push(masked(JSON.stringify(entry), openedAt - oldMs));
  for (const q of [id, String(entry?.['generation_id'])]) {
    const found = await (await person('GET', `/v1/search?q=${q}`)).text();
    expect(found, q).toContain(id);
    seen.push(masked(found, openedAt - oldMs).replaceAll(/[0-9a-f-]{36}/g, 'x'));
  }
  await look('GET', `/v1/cases/${id}`);
  const lease = leaseAnswer.parse(JSON.parse(await look('POST', `/v1/cases/${id}/claim`, {})));
  await look('GET', `/v1/cases/${id}`);
  await look('POST', `/v1/cases/${id}/signals`, {});
  await look('POST', `/v1/cases/${id}/preview`, { decision: 'block', reasons: ['likeness'] });
  const wish = { decision: 'block', policy: 'standard', reasons: ['likeness'], note: 'n', lease: lease.id, fence: lease.fence };
  await look('POST', `/v1/cases/${id}/decisions`, wish);
  await look('GET', `/v1/cases/${id}`);
  // Before, it says that the proof is not there yet, which it may be or not.
  await sequenced(studio.gateway.gateway.parts.db);
  await look('GET', `/v1/cases/${id}/timeline`);
  return { seen, times };
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const madeAt = (id: string) => [...id.slice(id.indexOf('_') + 1).slice(0, 10)].reduce((ms, char) => ms * 32 + ALPHABET.indexOf(char), 0);

/** Ids and times say which case it is; whether they are older than the case would say of which kind. Of similar cases they may be anything. */
function masked(text: string, oldBefore = 0): string {
  const age = (ms: number) => (ms < oldBefore ? 'old' : 'new');
  return text
    .replaceAll(/"similar":\[[^\]]*\]/g, '"similar":[]')
    .replaceAll(/\b(gen|dec|art)_[0-9a-z]{26}/g, (id) => `${age(madeAt(id))} id`)
    .replaceAll(/\b(case|req|lease|user|clock|cdec|[a-z]{3,6})_[0-9a-z]{20,}/g, (id) => 'x'.repeat(id.length))
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (at) => `${age(Date.parse(at))} time`)
    .replaceAll(/token=[\w-]+/g, (token) => 'x'.repeat(token.length))
    .replaceAll(/[0-9a-f]{64}/g, 'h'.repeat(64))
    .replaceAll(/"index":\d+/g, '"index":0');
}

describe('the quality of review', () => {
  it('measures reviewers with cases that they cannot tell from others', async () => {
    const lead = await signIn('lead', ['quality_lead']);
    const ada = await signIn('ada', ['reviewer']);
    const ben = await signIn('ben', ['reviewer']);
    await hold(2 * EACH);
    const all = await openCases(ada);
    const [known, warm] = [all.slice(0, EACH), all.slice(EACH, 2 * EACH)];
    for (const id of known) {
      await decide(ada, id);
      const made = await lead('POST', '/v1/quality/gold', { case_id: id, decision: 'block', rationale: 'A living politician.' });
      expect(made.status, await made.clone().text()).toBe(201);
    }
    for (const id of warm) await decide(ben, id);
    const { db } = studio.gateway.gateway.parts;
    await db.query({ text: "update review_plans set due_at = now() - interval '1 second'" });
    await expect.poll(() => openCases(ben)).toHaveLength(EACH);
    const gold = await openCases(ben);
    await hold(EACH);
    const age = await db.query<{ ms: number }>({
      text: 'select min(extract(epoch from c.opened_at - o.opened_at)) * 1000 as ms from cases c join cases o on o.id = c.replays',
    });
    // Old enough for their age to show, if anything showed it, however busy the machine is.
    const oldMs = Number(age.rows[0]?.ms) / 2;
    expect(oldMs).toBeGreaterThan(500);
    const ordinary = (await openCases(ben)).filter((id) => !gold.includes(id));

    const met: ({ isGold: boolean } & Awaited<ReturnType<typeof traffic>>)[] = [];
    for (const [at, id] of ordinary.entries()) {
      met.push({ isGold: false, ...(await traffic(ben, id, oldMs)) });
      met.push({ isGold: true, ...(await traffic(ben, gold[at] ?? '', oldMs)) });
    }
    const of = (isGold: boolean) => met.filter((one) => one.isGold === isGold);
    const kinds = (isGold: boolean) => [...new Set(of(isGold).flatMap(({ seen }) => seen))].sort();
    expect(kinds(true)).toEqual(kinds(false));
    const byTime = gapByChance(
      [true, false].map((isGold) => of(isGold).map(({ times }) => times.reduce((sum, time) => sum + time, 0))),
      createRandom(1),
    );
    // Of six and six by chance, every one of them longer: twice in 924 times.
    expect(byTime).toBeGreaterThan(0.003);

    const board = await (await lead('GET', '/v1/quality')).json();
    expect(board).toMatchObject({ team: { gold: EACH, correct: EACH }, reviewers: [{ gold: EACH, is_enough: false }] });
    // Nothing followed from them: only the first decisions did anything; the last ones can still be taken back.
    const { rows } = await db.query({ text: "select count(*)::int as n from generations where state = 'refused'" });
    expect(rows).toEqual([{ n: 2 * EACH }]);
    expect((await ben('GET', '/v1/quality')).status).toBe(403);
    expect((await ben('GET', '/v1/quality/gold')).status).toBe(403);
  });

  it('lets a reviewer take a break, and gives them nothing until it ends', async () => {
    const eve = await signIn('eve', ['reviewer']);
    await hold(1);
    expect((await eve('POST', '/v1/me/breaks', { minutes: 5 })).status).toBe(200);
    const queues = await jsonOf(
      await eve('GET', '/v1/queues'),
      z.object({ data: z.array(z.looseObject({ id: z.string(), blocked_because: z.unknown() })) }),
    );
    expect(queues.data[0]?.blocked_because).toMatchObject({ because: 'break', resumes_at: expect.any(String) });
    const [id] = await openCases(eve);
    expect((await eve('POST', `/v1/cases/${id}/claim`, {})).status).toBe(403);
    expect((await eve('DELETE', '/v1/me/breaks')).status).toBe(200);
    expect((await eve('POST', `/v1/cases/${id}/claim`, {})).status).toBe(200);
    const welfare = await (await eve('PUT', '/v1/me/welfare', { opt_outs: ['hate'] })).json();
    expect(welfare).toMatchObject({ opt_outs: ['hate'], break: null, blocked: [{ category: 'hate', because: 'opt_out' }] });
  });

  it('shows the board to those who may see it, and gives out decisions to a lead alone', async () => {
    const operator = { surface: 'operator' };
    const board = await jsonOf(
      await studio.gateway.fetch('/v1/operations', operator),
      z.looseObject({ slos: z.array(z.looseObject({ id: z.string() })) }),
    );
    expect(board.slos.map(({ id }) => id)).toEqual(['automatic_hold', 'review_median', 'review_p95', 'takedown']);
    expect((await studio.gateway.fetch('/v1/operations/examples?measure=decisions&value=hold', operator)).status).toBe(200);
    expect((await studio.gateway.fetch('/v1/operations')).status).toBe(403);
    const lead = await signIn('lead', ['quality_lead']);
    const exported = await lead('POST', '/v1/exports/decisions', { form: 'labels' });
    expect(exported.headers.get('content-type')).toContain('application/jsonl');
    // Every prompt here names a real person: none of them is given out.
    expect(await exported.text()).toBe('');
    expect((await (await signIn('ada', ['reviewer']))('POST', '/v1/exports/decisions', {})).status).toBe(403);
    const file = join(studio.gateway.dataDir, 'decisions.jsonl');
    const said = await runCommand(['export', 'decisions', '--form', 'pairs', '--out', file, '--config', studio.gateway.configFile]);
    expect(said).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
