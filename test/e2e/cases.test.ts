import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainPng } from '../../src/provenance/foreign/files.fixture.ts';
import { bytesOf, errorOf, expectOurs, expectWhole, fileOf, generationBody, jsonOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { known, NOTHING_FOUND } from './planted-checks.ts';
import { useStudio } from './studio.ts';
import { settledJob } from './waiting.ts';

/** A likeness of a well-known person in words: the standard policy lets a person decide before the model is asked. */
const HELD_PROMPT = 'photo of Angela Merkel being arrested';

const studio = useStudio({ planted: true });
const { plant } = studio;

const operator = { surface: 'operator' };
const caseBody = z.looseObject({
  object: z.literal('case'),
  id: z.string(),
  generation_id: z.string().nullable(),
  upload_id: z.string().nullable(),
  stage: z.string(),
  status: z.string(),
  closed_by: z.string().nullable(),
});

async function held(body: object = {}, headers: Record<string, string> = {}) {
  const answer = await studio.gateway.post('/v1/images/generations', { prompt: 'a ball', ...body }, { headers });
  const { code, imprimatur } = await errorOf(answer);
  expect(code).toBe('review_required');
  return { caseId: imprimatur.case_id ?? '', id: imprimatur.generation_id ?? '' };
}
async function heldPicture(headers?: Record<string, string>) {
  plant.findInArtifacts(known(0.6));
  return held({}, headers);
}
const decide = (caseId: string, decision: string, init: { surface?: string } = operator) =>
  studio.gateway.post(`/v1/cases/${caseId}/decisions`, { decision }, init);
const open = async () => {
  const { data } = await jsonOf(await studio.gateway.fetch('/v1/cases', operator), z.object({ data: z.array(caseBody) }));
  return data;
};
const imprimatur = (...args: string[]) => runCommand([...args, '--config', studio.gateway.configFile]);

async function expectPictureOut(id: string) {
  const { data } = await settledJob(studio.gateway, id, 'published');
  const picture = await fetch(data?.[0]?.url ?? '');
  expect(picture.status).toBe(200);
  await expectOurs(studio.gateway, Buffer.from(await picture.arrayBuffer()));
}

async function publishedEntry(id: string) {
  const find = async () =>
    (await ledgerEntries(studio.gateway)).find(({ kind, generation }) => kind === 'artifact.published' && generation === id);
  await expect.poll(find).toBeDefined();
  return find();
}

describe('a held picture', () => {
  it('bears the visible label for which policy asked when it was held, although a person released it', async () => {
    plant.findInArtifacts(known(0.6), { category: 'real_person_likeness', score: 0.5, reason: 'planted:likeness' });
    const { caseId, id } = await held();
    await decide(caseId, 'release');
    await expectPictureOut(id);
    expect(await publishedEntry(id)).toMatchObject({ label: true });
  });

  it('is listed for the operator, and leaves through publish when it is released', async () => {
    const { caseId, id } = await heldPicture();
    expect(await open()).toContainEqual(expect.objectContaining({ id: caseId, generation_id: id, stage: 'output', status: 'open' }));
    const answer = await decide(caseId, 'release');
    expect(answer.status).toBe(200);
    expect(await jsonOf(answer, caseBody)).toMatchObject({ status: 'released', closed_by: expect.stringMatching(/^key_/) });
    await expectPictureOut(id);
    expect(await open()).not.toContainEqual(expect.objectContaining({ id: caseId }));
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it('is given to the caller that asks again with the same key, without a second call of the model', async () => {
    const headers = { 'idempotency-key': 'held-once' };
    const { caseId, id } = await heldPicture(headers);
    expect((await held({}, headers)).caseId).toBe(caseId);
    await decide(caseId, 'release');
    const answer = await studio.gateway.post('/v1/images/generations', { prompt: 'a ball' }, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-imprimatur-generation-id')).toBe(id);
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it('stays inside for ever when it is refused, and says that a person did', async () => {
    const { caseId, id } = await heldPicture();
    expect((await decide(caseId, 'block')).status).toBe(200);
    const job = await settledJob(studio.gateway, id, 'refused');
    expect(job).toMatchObject({ error: { code: 'moderation_blocked', imprimatur: { decided_by: 'operator' } } });
    expect(job.data).toBeUndefined();
    expect((await errorOf(await decide(caseId, 'release'))).code).toBe('case_not_open');
  });

  it('is released once: a second decision of any kind is refused and changes nothing', async () => {
    const { caseId, id } = await heldPicture();
    await decide(caseId, 'release');
    for (const again of ['block', 'release']) expect((await decide(caseId, again)).status, again).toBe(409);
    await expectPictureOut(id);
  });

  it('is decided once when two operators decide at the same moment', async () => {
    const { caseId, id } = await heldPicture();
    const statuses = (await Promise.all([decide(caseId, 'block'), decide(caseId, 'release')])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
    await settledJob(studio.gateway, id);
  });
});

describe('a held prompt', () => {
  it('reaches the model only when it is released, and its picture is judged again', async () => {
    const { caseId, id } = await held({ prompt: HELD_PROMPT });
    expect(studio.upstream.calls).toHaveLength(0);
    plant.behave(async ({ subject }) => (subject.kind === 'artifact' ? { kind: 'signals', signals: [known(0.95)] } : NOTHING_FOUND));
    expect((await decide(caseId, 'release')).status).toBe(200);
    expect(await settledJob(studio.gateway, id, 'refused')).toMatchObject({
      error: { moderation_details: { moderation_stage: 'output' } },
    });
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it('becomes a picture when nothing is wrong with it', async () => {
    const { caseId, id } = await held({ prompt: HELD_PROMPT });
    await decide(caseId, 'release');
    await expectPictureOut(id);
  });

  it('gives a picture that bears the visible label for which its prompt asked', async () => {
    const { caseId, id } = await held({ prompt: HELD_PROMPT });
    await decide(caseId, 'release');
    await expectPictureOut(id);
    expect(await publishedEntry(id)).toMatchObject({ label: true });
  });

  it('never reaches the model when it is refused', async () => {
    const { caseId, id } = await held({ prompt: HELD_PROMPT });
    await decide(caseId, 'block');
    await settledJob(studio.gateway, id, 'refused');
    expect(studio.upstream.calls).toHaveLength(0);
  });
});

describe('a file that a platform was told to hold', () => {
  const answer = z.looseObject({
    id: z.string(),
    action: z.string(),
    label: z.string().nullable(),
    case_id: z.string().nullable(),
    review: z.object({ status: z.string(), decided_at: z.string().nullable() }).nullish(),
  });
  const check = async (bytes: Uint8Array, fields: Record<string, string> = {}, surface = 'api') => {
    const form = new FormData();
    form.append('file', fileOf(bytes), 'a.png');
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return jsonOf(await studio.gateway.fetch('/v1/upload-checks', { method: 'POST', body: form, surface }), answer);
  };
  const again = async (id: string) => jsonOf(await studio.gateway.fetch(`/v1/upload-checks/${id}`), answer);
  const fileOfCase = (id: string) => studio.gateway.fetch(`/v1/cases/${id}/file`, operator);

  it('opens a case with what is the matter, and nothing but the hash of the file; everything else opens none', async () => {
    const { id, action, case_id } = await check(await plainPng(64, 11), { contributor: 'person-11' });
    expect(action).toBe('hold');
    expect(await open()).toContainEqual(expect.objectContaining({ id: case_id, stage: 'upload', upload_id: id, generation_id: null }));
    const found = await jsonOf(await studio.gateway.fetch(`/v1/cases/${case_id}`, operator), z.looseObject({ upload: z.looseObject({}) }));
    expect(found.upload).toMatchObject({
      situations: ['unknown'],
      declaration: 'unknown',
      contributor: 'person-11',
      is_kept: false,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await fileOfCase(case_id ?? '')).status).toBe(404);
    expect(await again(id)).toMatchObject({ action: 'hold', case_id, review: { status: 'open', decided_at: null } });
    expect((await check(await plainPng(64, 12), { declaration: 'camera' })).case_id).toBeNull();
  });

  it('may be posted once a person released it, and not once a person blocked it; the platform reads it where it asked', async () => {
    const released = await check(await plainPng(64, 13));
    expect(await jsonOf(await decide(released.case_id ?? '', 'release'), caseBody)).toMatchObject({ stage: 'upload', status: 'released' });
    expect(await again(released.id)).toMatchObject({ action: 'post', review: { status: 'released', decided_at: expect.any(String) } });
    const blocked = await check(await plainPng(64, 14));
    expect(await imprimatur('cases', 'block', blocked.case_id ?? '')).toMatchObject({ code: 0 });
    expect(await again(blocked.id)).toMatchObject({ action: 'refuse', review: { status: 'blocked' } });
    expect((await imprimatur('cases', 'list', '--status', 'blocked')).out).toContain(blocked.id);
    await expect
      .poll(async () => (await ledgerEntries(studio.gateway)).filter(({ kind }) => kind === 'upload.decided'))
      .toMatchObject([
        { upload: released.id, decision: 'release', by: expect.stringMatching(/^operator:key_/) },
        { upload: blocked.id, decision: 'block', by: 'operator:local' },
      ]);
  });

  it('keeps the label that is due, whoever released it', async () => {
    const picture = bytesOf((await studio.gateway.sdk().images.generate({ prompt: 'a ball' })).data?.[0]);
    const held = await check(picture, { declaration: 'camera' });
    expect(held).toMatchObject({ action: 'hold', label: 'generated' });
    await decide(held.case_id ?? '', 'release');
    expect(await again(held.id)).toMatchObject({ action: 'label', label: 'generated' });
  });

  it('is one case however often it is asked about, is decided once, and is of nobody else', async () => {
    const picture = await plainPng(64, 15);
    const [first, second] = [await check(picture), await check(picture)];
    expect(second.case_id).toBe(first.case_id);
    expect((await check(picture, {}, 'chat')).case_id).not.toBe(first.case_id);
    await decide(first.case_id ?? '', 'block');
    expect((await errorOf(await decide(first.case_id ?? '', 'release'))).code).toBe('case_not_open');
    expect((await again(second.id)).action).toBe('refuse');
    expect((await check(picture)).case_id).not.toBe(first.case_id);
    expect((await studio.gateway.fetch(`/v1/upload-checks/${first.id}`, { surface: 'chat' })).status).toBe(404);
  });
});

describe('who may decide', () => {
  it('not the caller, not a stranger', async () => {
    const { caseId, id } = await heldPicture();
    for (const surface of ['api', 'chat', 'app']) {
      expect((await errorOf(await decide(caseId, 'release', { surface }))).code).toBe('auth_forbidden');
      expect((await studio.gateway.fetch('/v1/cases', { surface })).status).toBe(403);
      expect((await studio.gateway.fetch(`/v1/cases/${caseId}`, { surface })).status).toBe(403);
    }
    expect((await fetch(`${studio.gateway.url}/v1/cases/${caseId}/decisions`, { method: 'POST' })).status).toBe(401);
    expect((await jsonOf(await studio.gateway.fetch(`/v1/generations/${id}`), generationBody)).status).toBe('held');
  });

  it.each(['nonsense', 'case_00000000000000000000000000'])('nobody can decide the case %s', async (caseId) => {
    expect((await decide(caseId, 'release')).status).toBe(404);
  });

  it('a decision is release or block, and nothing in between', async () => {
    const { caseId } = await heldPicture();
    expect((await errorOf(await decide(caseId, 'maybe'))).code).toBe('request_invalid');
    expect(await open()).toContainEqual(expect.objectContaining({ id: caseId }));
  });
});

describe('imprimatur cases', () => {
  it('lists, releases and blocks on the machine of the gateway', async () => {
    const [first, second] = [await heldPicture(), await heldPicture()];
    const list = await imprimatur('cases', 'list');
    expect(list.code).toBe(0);
    expect(list.out).toContain(first.caseId);
    const listed = z.array(caseBody).parse(JSON.parse((await imprimatur('cases', 'list', '--json')).out));
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([first.caseId, second.caseId]));

    expect(await imprimatur('cases', 'release', first.caseId)).toMatchObject({ code: 0, out: `${first.caseId} is released.` });
    await expectPictureOut(first.id);
    const blocked = await imprimatur('cases', 'block', second.caseId, '--json');
    expect(caseBody.parse(JSON.parse(blocked.out))).toMatchObject({ status: 'blocked', closed_by: 'local' });
    const closed = await imprimatur('cases', 'list', '--status', 'blocked', '--json');
    expect(closed.out).toContain(second.caseId);
  });

  it('says no when there is nothing to decide, and how it is used when it is used wrongly', async () => {
    expect(await imprimatur('cases', 'release', 'case_00000000000000000000000000')).toMatchObject({ code: 1, out: '' });
    expect((await imprimatur('cases', 'perhaps')).code).toBe(2);
    expect((await imprimatur('cases', 'release')).code).toBe(2);
  });

  it('leaves every record whole', () => expectWhole(studio.gateway));
});
