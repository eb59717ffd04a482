import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytesOf, errorOf, jsonOf } from './answers.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { known } from './planted-checks.ts';
import { useStudio } from './studio.ts';
import { settledJob } from './waiting.ts';

const studio = useStudio({ planted: true });
const { plant } = studio;
const operator = { surface: 'operator' };

const statementBody = z.looseObject({
  restriction: z.string(),
  decision_id: z.string().nullable(),
  plain: z.object({ language: z.string(), title: z.string(), sentences: z.array(z.string()), text: z.string() }),
  eu: z.looseObject({ puid: z.string(), automated_decision: z.string(), automated_detection: z.string(), source_type: z.string() }),
  appeal: z
    .object({ until: z.string(), status: z.string().nullable(), url: z.string().nullable(), contact: z.string().nullable() })
    .nullable(),
});
const noticeBody = z.looseObject({
  receipt: z.string(),
  secret: z.string().optional(),
  status: z.string(),
  outcome: z.string().nullable(),
});
const listBody = z.object({ data: z.array(z.looseObject({ id: z.string(), case_id: z.string(), status: z.string() })) });

async function blocked() {
  plant.findInArtifacts(known(0.95));
  const answer = await studio.gateway.post('/v1/images/generations', { prompt: 'a ball' });
  plant.reset();
  const { code, imprimatur, message } = await errorOf(answer);
  expect(code).toBe('moderation_blocked');
  const { generation_id: id = '', decision_id: decisionId = '' } = imprimatur;
  return { id, decisionId, message, page: String(imprimatur['appeal_url']) };
}
const anonymous = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${studio.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const statementOf = async (id: string, headers: Record<string, string> = {}) =>
  jsonOf(await studio.gateway.fetch(`/v1/generations/${id}/statement`, { headers }), statementBody);
const decide = (caseId: string, decision: string) =>
  studio.gateway.post(`/v1/cases/${caseId}/decisions`, { decision, reasons: ['checked'], note: 'looked at it' }, operator);
const listed = async (path: string) => (await jsonOf(await studio.gateway.fetch(path, operator), listBody)).data;

const notice = (more: object = {}) => ({
  kind: 'likeness',
  urls: ['https://example.org/picture/1'],
  description: 'This shows me, and I did not agree.',
  name: 'Jo Doe',
  email: 'jo@example.org',
  signature: 'Jo Doe',
  good_faith: true,
  ...more,
});
async function published() {
  const { data } = await studio.gateway.sdk().images.generate({ prompt: 'a ball' });
  const bytes = bytesOf(data?.[0]);
  const { record } = await jsonOf(
    await fetch(`${studio.gateway.url}/v1/verify`, { method: 'POST', body: formOf(bytes) }),
    z.looseObject({ record: z.looseObject({ artifact_id: z.string() }) }),
  );
  return { bytes, artifact: record.artifact_id };
}
function formOf(bytes: Uint8Array, fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([Uint8Array.from(bytes)]), 'picture.png');
  return form;
}

describe('why something was refused', () => {
  it('is told in plain words of the reader and in the EU’s form, from one record', async () => {
    const { id, decisionId, message, page } = await blocked();
    expect(message).toContain(`object at ${page} and give`);
    const german = await statementOf(id, { 'accept-language': 'de' });
    expect(german.plain).toMatchObject({ language: 'de', title: 'Warum so entschieden wurde' });
    expect(german.plain.text).toContain('kein Mensch war beteiligt');
    expect(german).toMatchObject({ restriction: 'withheld', decision_id: decisionId, appeal: { status: null, url: page } });
    expect(german.eu).toMatchObject({
      puid: decisionId,
      automated_detection: 'Yes',
      automated_decision: 'AUTOMATED_DECISION_FULLY',
      source_type: 'SOURCE_VOLUNTARY',
    });
    expect((await statementOf(id)).plain.language).toBe('en');
    expect((await studio.gateway.fetch(`/v1/generations/${id}/statement`, { surface: 'chat' })).status).toBe(404);
    expect((await studio.gateway.fetch(`/v1/statements/${decisionId}`, operator)).status).toBe(200);
  });
});

describe('an appeal', () => {
  it('by the link alone is decided by a person, and what was withheld leaves signed', async () => {
    const { id, decisionId, page } = await blocked();
    const token = new URL(page).searchParams.get('token') ?? '';
    const wish = { decision_id: decisionId, statement: 'It is a ball.' };
    expect((await anonymous('/v1/appeals', wish)).status).toBe(401);
    expect((await anonymous('/v1/appeals', { ...wish, token: 'A'.repeat(22) })).status).toBe(404);
    expect((await anonymous('/v1/appeals', { ...wish, token })).status).toBe(201);
    expect((await errorOf(await anonymous('/v1/appeals', { ...wish, token }))).code).toBe('appeal_repeated');
    const [filed] = await listed('/v1/appeals');
    expect(filed).toMatchObject({ status: 'open', decision_id: decisionId });
    const read = await jsonOf(await studio.gateway.fetch(`/v1/appeals/${filed?.id}`, operator), z.looseObject({ text: z.string() }));
    expect(read.text).toBe('It is a ball.');
    expect((await decide(filed?.case_id ?? '', 'overturn')).status).toBe(200);
    await settledJob(studio.gateway, id, 'published');
    const seen = await fetch(`${studio.gateway.url}/v1/appeals/decisions/${decisionId}?token=${token}`);
    expect(await seen.json()).toMatchObject({ appeal: { status: 'overturned' }, statement: { appeal: { status: 'overturned' } } });
    expect((await ledgerEntries(studio.gateway)).some(({ kind, decision }) => kind === 'appeal.filed' && decision === decisionId)).toBe(
      true,
    );
  });

  it('of a stranger’s generation does not exist for another key', async () => {
    const { id } = await blocked();
    const wish = { generation_id: id, statement: 'mine' };
    expect((await studio.gateway.post('/v1/appeals', wish, { surface: 'chat' })).status).toBe(404);
    expect((await studio.gateway.post('/v1/appeals', wish)).status).toBe(201);
  });

  it('is never decided by whoever made the decision', async () => {
    plant.findInArtifacts(known(0.6));
    const { imprimatur } = await errorOf(await studio.gateway.post('/v1/images/generations', { prompt: 'a ball' }));
    plant.reset();
    await decide(imprimatur.case_id ?? '', 'block');
    expect((await studio.gateway.post('/v1/appeals', { generation_id: imprimatur.generation_id, statement: 'no' })).status).toBe(201);
    const [filed] = await listed('/v1/appeals');
    const { code } = await errorOf(await decide(filed?.case_id ?? '', 'overturn'));
    expect(code).toBe('second_person_needed');
  });
});

describe('a report', () => {
  it('of a picture that somebody has leads to ours, is joined with others, and everybody is told', async () => {
    const { bytes, artifact } = await published();
    const smaller = new Uint8Array(await sharp(bytes).resize(300).jpeg({ quality: 80 }).toBuffer());
    const { urls: _, ...rest } = notice();
    const fields = { ...rest, good_faith: 'on', kind: 'likeness' };
    const first = await jsonOf(
      await fetch(`${studio.gateway.url}/v1/notices`, { method: 'POST', body: formOf(smaller, fields) }),
      noticeBody,
    );
    const second = await jsonOf(await anonymous('/v1/notices', notice({ artifact_ids: [artifact] })), noticeBody);
    expect(first.receipt).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    const both = (await listed('/v1/notices')).filter(({ receipt }) => receipt === first.receipt || receipt === second.receipt);
    expect(new Set(both.map(({ case_id }) => case_id)).size).toBe(1);
    const about = both[0]?.case_id ?? '';
    const dossier = await studio.gateway.fetch(`/v1/cases/${about}`, operator);
    const { media } = await jsonOf(dossier, z.looseObject({ media: z.array(z.looseObject({ id: z.string() })) }));
    expect(media.map(({ id }) => id.slice(0, 3)).sort()).toEqual(['art', 'ntc']);
    for (const { id } of media) expect((await studio.gateway.fetch(`/v1/cases/${about}/media/${id}`, operator)).status).toBe(200);
    expect((await decide(about, 'remove_and_list')).status).toBe(200);
    const status = async ({ receipt, secret = '' }: z.output<typeof noticeBody>, said = secret) =>
      fetch(`${studio.gateway.url}/v1/notices/${receipt.toLowerCase()}`, { headers: { 'imprimatur-secret': said } });
    for (const one of [first, second])
      await expect.poll(async () => (await status(one)).json()).toMatchObject({ status: 'decided', outcome: 'removed' });
    expect((await status(first, '')).status).toBe(404);
    const again = await fetch(`${studio.gateway.url}/v1/verify`, { method: 'POST', body: formOf(bytes) });
    expect(await again.json()).toMatchObject({ record: { takedown: { at: expect.any(String) } } });
    // What is like it is refused as an upload, also in another size.
    const upload = await studio.gateway.fetch('/v1/upload-checks', { method: 'POST', body: formOf(smaller) });
    expect(await upload.json()).toMatchObject({ action: 'refuse' });
  });

  it('gives its maker reasons, and the picture comes back when their appeal is right, by other hands', async () => {
    const { artifact, bytes } = await published();
    await anonymous('/v1/notices', notice({ artifact_ids: [artifact], kind: 'copyright' }));
    const [filed] = (await listed('/v1/notices')).filter(({ kind }) => kind === 'copyright');
    await decide(filed?.case_id ?? '', 'remove');
    const generation = (await ledgerEntries(studio.gateway)).find(
      ({ kind, artifact: id }) => kind === 'artifact.published' && id === artifact,
    );
    const id = String(generation?.['generation']);
    await expect.poll(async () => (await statementOf(id)).restriction).toBe('removed');
    expect((await statementOf(id)).eu).toMatchObject({
      automated_detection: 'No',
      automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
      source_type: 'SOURCE_ARTICLE_16',
    });
    const verified = async () => (await fetch(`${studio.gateway.url}/v1/verify`, { method: 'POST', body: formOf(bytes) })).json();
    expect(await verified()).toMatchObject({ record: { takedown: { at: expect.any(String) } } });
    const filing = await studio.gateway.post('/v1/appeals', { generation_id: id, statement: 'It is my own work.' });
    const { id: appeal } = await jsonOf(filing, z.looseObject({ id: z.string() }));
    const appealCase = (await listed('/v1/appeals')).find((one) => one.id === appeal)?.case_id ?? '';
    expect((await errorOf(await decide(appealCase, 'overturn'))).code).toBe('second_person_needed');
    const wish = { role: 'operator', roles: ['senior_reviewer'], surface: 'operator' };
    const { token } = await jsonOf(await studio.gateway.post('/v1/keys', wish, operator), z.looseObject({ token: z.string() }));
    const other = { authorization: `Bearer ${token}` };
    expect((await anonymous(`/v1/cases/${appealCase}/decisions`, { decision: 'overturn', reasons: ['checked'] }, other)).status).toBe(200);
    await expect.poll(verified).toMatchObject({ record: { takedown: null } });
    expect((await statementOf(id)).appeal?.status).toBe('overturned');
  });

  it.each([
    ['without a word of good faith', { good_faith: false }, 'good_faith'],
    ['without a name', { name: undefined }, 'name'],
    ['that names nothing', { urls: [] }, 'urls'],
    ['with an address that is none', { urls: ['javascript:alert(1)'] }, 'urls.0'],
    ['of intimate pictures by nobody in particular', { kind: 'intimate_image' }, 'relation'],
    ['with a hash that fits every grey picture', { hashes: [{ pdq: Array(8).fill('0'.repeat(64)), quality: 3 }] }, 'hashes.0.quality'],
    ['with control characters', { description: 'a\u0000b' }, 'description'],
  ])('%s is refused and says what is missing', async (_what, more, param) => {
    const answer = await anonymous('/v1/notices', notice(more));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'request_invalid', param } });
  });

  it('of child abuse needs no name, and staff without clearance never learn of it', async () => {
    const { name: _, email: __, signature: ___, ...rest } = notice({ kind: 'child_abuse' });
    const { receipt } = await jsonOf(await anonymous('/v1/notices', rest), noticeBody);
    expect((await listed('/v1/notices?status=all')).some((one) => one['receipt'] === receipt)).toBe(false);
  });

  it('is taken back with everything that was written', async () => {
    const { receipt, secret } = await jsonOf(await anonymous('/v1/notices', notice({ urls: ['https://example.org/other'] })), noticeBody);
    const taken = await anonymous(`/v1/notices/${receipt}/withdrawal`, { secret });
    expect(await taken.json()).toMatchObject({ status: 'withdrawn' });
    const [found] = (await listed('/v1/notices?status=withdrawn')).filter((one) => one['receipt'] === receipt);
    const content = await studio.gateway.fetch(`/v1/notices/${found?.id}/content`, operator);
    expect(await content.json()).toMatchObject({ description: null, urls: [], reporter: null });
  });

  it('of a trusted flagger goes first, until its key is taken back', async () => {
    const made = await jsonOf(
      await studio.gateway.post('/v1/trusted-flaggers', { name: 'A hotline' }, operator),
      z.looseObject({ id: z.string(), key: z.string() }),
    );
    const send = () => anonymous('/v1/notices', notice({ urls: ['https://example.org/third'] }), { authorization: `Bearer ${made.key}` });
    expect((await send()).status).toBe(201);
    expect((await listed('/v1/notices')).some(({ lane }) => lane === 'trusted')).toBe(true);
    await studio.gateway.post(`/v1/trusted-flaggers/${made.id}/revoke`, {}, operator);
    expect((await send()).status).toBe(401);
  });
});
