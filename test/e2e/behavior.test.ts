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
  }),
});

function ask(sub: string, prompt: string, more: object = {}) {
  const at = Math.floor(Date.now() / 1000);
  const payload = { iss: 'default', aud: 'imprimatur', sub, jti: randomUUID(), iat: at, exp: at + 60, tier: 'free', ...more };
  const head = `v1.k1.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  const user = `${head}.${createHmac('sha256', SECRET).update(head).digest('base64url')}`;
  return studio.gateway.post('/v1/images/generations', { model: 'studio', prompt }, { headers: { 'imprimatur-user': user } });
}
const errorOf = async (answer: Response) => JSON.parse(await answer.text()).error;
const operator = { surface: 'operator' };
const read = async (path: string) => JSON.parse(await (await studio.gateway.fetch(path, operator)).text());
const post = (path: string, body: object) => studio.gateway.post(path, body, operator);
const template = (slot: string) => `seven copper kettles ${slot} under northern glass dome`;

describe('what accounts do together', () => {
  it('is one case: who decides it stops its words for everybody, acts on all members, and sees the words only on record', async () => {
    studio.plant.findInArtifacts(known(0.95));
    for (let i = 0; i < 6; i++) expect((await ask(`u-ring${i}`, template(`slot${i}`))).status).toBe(400);
    studio.plant.reset();
    // The case may be opened before the sixth is in it.
    const sizes = async () => (await read('/v1/behavior/campaigns')).data.map(({ accounts }: { accounts: number }) => accounts);
    await expect.poll(sizes, { timeout: 15_000, interval: 200 }).toEqual([6]);
    const [found] = (await read('/v1/behavior/campaigns')).data;
    expect(found).toMatchObject({ object: 'campaign', kind: 'words', state: 'open', accounts: 6, refusals: 6, applications: ['default'] });
    const one = await read(`/v1/behavior/campaigns/${found.id}`);
    expect([one.members.length, one.generations.length]).toEqual([6, 6]);
    expect(JSON.stringify(one)).not.toMatch(/u-ring|kettles/);
    const shown = JSON.parse(await (await post(`/v1/behavior/campaigns/${found.id}/words`, {})).text());
    expect(shown.phrases).toEqual(expect.arrayContaining(['seven copper kettles', 'under northern glass dome']));
    expect((await read('/v1/behavior/suspects')).data[0]).toMatchObject({
      object: 'suspect',
      application: 'default',
      refused: expect.any(Number),
    });

    const told = (...args: string[]) => runCommand(['behavior', ...args, '--config', studio.gateway.configFile]);
    expect((await told('campaigns')).out).toMatch(new RegExp(`${found.id} +words +open +6 +6 `));
    expect((await told('campaign', found.id)).out.split('\n')).toHaveLength(9);
    expect((await told('suspects')).out).toMatch(/default +\d\.\d\d/);
    expect([(await told('campaign', 'camp_0')).code, (await told('words', found.id)).code]).toEqual([1, 2]);

    expect(await read(`/v1/cases/${found.case_id}`)).toMatchObject({ kind: 'campaign', queue: 'campaigns', media: [] });
    const decision = { decision: 'block', user_action: 'limit', user_action_days: 2, reasons: ['planted'], note: 'a ring' };
    expect((await post(`/v1/cases/${found.case_id}/decisions`, decision)).status).toBe(200);
    expect(await read(`/v1/behavior/campaigns/${found.id}`)).toMatchObject({ state: 'stopped', decided: { user_action: 'limit' } });
    await expect.poll(async () => (await ask('u-newcomer', template(`new ${randomUUID()}`))).status, { interval: 250 }).toBe(400);
    const refused = await errorOf(await ask('u-other', template('again')));
    expect(refused.imprimatur.policy).toContain('standard@');
    expect((await ask('u-other', 'a red ball on green grass')).status).toBe(200);
    const kinds = (await ledgerEntries(studio.gateway)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'user.measure_imposed')).toHaveLength(6);
    expect(kinds).toEqual(expect.arrayContaining(['campaign.found', 'campaign.words_shown', 'campaign.stopped']));
  });

  it('is told by the device of a signed claim, whichever account it takes', async () => {
    studio.plant.findInArtifacts(known(0.95));
    const said = (i: number) => `amber lantern beside ${i} painted barrels near wooden pier word${i}`;
    for (let i = 0; i < 7; i++) await ask(`u-taken${i}`, said(i), { device: 'd-1' });
    studio.plant.reset();
    const held = await errorOf(await ask('u-fresh', said(9), { device: 'd-1' }));
    expect(held.code).toBe('review_required');
    expect((await ask('u-elsewhere', said(9), { device: 'd-2' })).status).toBe(200);
  });
});
