import sharp from 'sharp';
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

/** Of the pictures that the upstream gives. */
const UPSTREAM_SIDE = 128;

const BY_TWO = { id: 'gore', why: 'Gore leaves when two people say so.', categories: [['violence_gore']], decisions: ['release'] };
const studio = useStudio({
  planted: true,
  settings: (baseUrl) => ({ models: [{ name: 'studio', kind: 'openai', baseUrl }], review: { secondReview: [BY_TWO] } }),
});
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

describe('the desk of a reviewer', () => {
  const leased = z.object({ object: z.literal('lease'), id: z.string(), fence: z.number(), until: z.string() });
  const ask = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
    body === undefined ? studio.gateway.fetch(path, operator) : studio.gateway.post(path, body, { ...operator, method });
  const claim = async (caseId: string) => {
    const { id: lease, fence } = await jsonOf(await ask(`/v1/cases/${caseId}/claim`, {}), leased);
    return { lease, fence };
  };
  const dossier = z.looseObject({
    why: z.array(z.looseObject({ rule: z.string() })),
    request: z.looseObject({
      prompt: z.string(),
      prompt_undone: z.string().nullable(),
      spans: z.array(z.looseObject({ start: z.number() })),
    }),
    media: z.array(z.looseObject({ id: z.string(), role: z.string(), width: z.number().nullable() })),
    signals: z.array(z.unknown()).nullable(),
    cluster: z.looseObject({ size: z.number() }).nullable(),
    decisions: z.array(z.looseObject({ decision: z.string() })),
    policy: z.looseObject({ decisions: z.array(z.looseObject({ name: z.string() })) }),
  });
  const read = async (caseId: string) => jsonOf(await ask(`/v1/cases/${caseId}`), dossier);

  it('tells why a prompt is held and what its tricks hide, and keeps the scores until somebody asks for them', async () => {
    const { caseId } = await held({ prompt: 'photo of Angela M\u0435rkel being arrested' });
    const found = await read(caseId);
    expect(found.why.length).toBeGreaterThan(0);
    expect(found.request.prompt_undone).toContain('merkel');
    expect(found.request.spans.length).toBeGreaterThan(0);
    expect(found.policy.decisions.map(({ name }) => name)).toEqual(['release', 'label', 'block', 'escalate']);
    expect(found.signals).toBeNull();
    expect((await jsonOf(await ask(`/v1/cases/${caseId}/signals`, {}), dossier)).signals?.length).toBeGreaterThan(0);
  });

  it('shows a picture grey and blurred, and itself only under a lease, marked and on record', async () => {
    const { caseId } = await heldPicture();
    const [medium] = (await read(caseId)).media;
    const path = `/v1/cases/${caseId}/media/${medium?.id}`;
    const blurred = await ask(path);
    expect(Object.fromEntries(blurred.headers)).toMatchObject({ 'content-type': 'image/webp', 'cache-control': 'no-store' });
    const { channels } = await sharp(Buffer.from(await blurred.arrayBuffer())).stats();
    expect(Math.abs((channels[0]?.mean ?? 0) - (channels[1]?.mean ?? 0))).toBeLessThan(2);
    expect((await errorOf(await ask(`${path}/reveal`, { lease: 'lease_x', fence: 1 }))).code).toBe('lease_lost');
    const shown = await ask(`${path}/reveal`, await claim(caseId));
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const shows = async () =>
      (await ledgerEntries(studio.gateway)).filter(({ kind, case: of }) => kind === 'artifact.shown' && of === caseId);
    await expect.poll(async () => (await shows()).length).toBe(1);
    const { data } = await jsonOf(await ask(`/v1/audit?case=${caseId}`), z.object({ data: z.array(z.looseObject({ act: z.string() })) }));
    expect(data.map(({ act }) => act)).toEqual(['looked:picture', 'looked:dossier']);
  });

  it('lets a picture go with a region cut away, signed like any other', async () => {
    const { caseId, id } = await heldPicture();
    const regions = [{ x: 0, y: 0, width: 0.5, height: 0.5, how: 'crop' }];
    expect((await ask(`/v1/cases/${caseId}/decisions`, { decision: 'edit', regions })).status).toBe(200);
    const { data } = await settledJob(studio.gateway, id, 'published');
    const bytes = Buffer.from(await (await fetch(data?.[0]?.url ?? '')).arrayBuffer());
    await expectOurs(studio.gateway, bytes);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: UPSTREAM_SIDE / 2, height: UPSTREAM_SIDE / 2 });
    const edited = async () =>
      (await ledgerEntries(studio.gateway)).find(({ kind, generation }) => kind === 'artifact.edited' && generation === id);
    await expect.poll(edited).toMatchObject({ case: caseId, leaves: true, artifacts: [{ blurred: 0, cropped: 1 }] });
    expect(bytes.includes('c2pa.cropped')).toBe(true);
  });

  it('holds an edited picture again that shows something else now, and says so; the case waits as before', async () => {
    const { caseId, id } = await heldPicture();
    plant.findInArtifacts({ category: 'violence_gore', score: 0.7, reason: 'planted:gore' });
    const regions = [{ x: 0, y: 0, width: 0.5, height: 0.5, how: 'blur' }];
    const said = z.looseObject({ status: z.string(), waits_for_second: z.boolean() });
    expect(await jsonOf(await ask(`/v1/cases/${caseId}/decisions`, { decision: 'edit', regions }), said)).toMatchObject({
      status: 'open',
      waits_for_second: false,
    });
    expect((await jsonOf(await studio.gateway.fetch(`/v1/generations/${id}`), generationBody)).status).toBe('held');
    expect(await jsonOf(await decide(caseId, 'block'), said)).toMatchObject({ status: 'blocked', waits_for_second: false });
  });

  const keyOf = async (role: string) => {
    const made = await jsonOf(await ask('/v1/keys', { name: role, roles: [role] }), z.looseObject({ id: z.string(), token: z.string() }));
    const as = { headers: { authorization: `Bearer ${made.token}` } };
    return { id: made.id, say: (path: string, body: object) => studio.gateway.post(path, body, as) };
  };

  it('says of what two people have to decide that it waits for the second, and that it is done after them', async () => {
    plant.findInArtifacts({ category: 'violence_gore', score: 0.7, reason: 'planted:gore' });
    const { caseId } = await held();
    const said = z.looseObject({ status: z.string(), waits_for_second: z.boolean() });
    const told = [];
    for (const { say } of [await keyOf('reviewer'), await keyOf('senior_reviewer')]) {
      const answer = await say(`/v1/cases/${caseId}/decisions`, { decision: 'release' });
      const { status, waits_for_second: waits } = await jsonOf(answer, said);
      told.push([status, waits]);
    }
    expect(told).toEqual([
      ['open', true],
      ['released', false],
    ]);
  });

  it('shows two people each other on one case, until one closes the page or is silent for a minute', async () => {
    const { caseId } = await heldPicture();
    const [ada, bea] = [await keyOf('reviewer'), await keyOf('senior_reviewer')];
    const viewers = z.object({ viewers: z.array(z.object({ who: z.string(), since: z.iso.datetime() })) });
    const seenBy = async ({ say }: typeof ada, body: object = {}) =>
      (await jsonOf(await say(`/v1/cases/${caseId}/presence`, body), viewers)).viewers.map(({ who }) => who);
    expect(await seenBy(ada)).toEqual([]);
    expect(await seenBy(bea)).toEqual([ada.id]);
    expect(await seenBy(ada)).toEqual([bea.id]);
    expect(await seenBy(bea, { leaves: true })).toEqual([]);
    expect(await seenBy(ada)).toEqual([]);
    expect(await seenBy(bea)).toEqual([ada.id]);
    const { db } = studio.gateway.gateway.parts;
    await db.query({ text: "update case_viewers set seen_at = seen_at - interval '61 seconds' where by = $1", values: [ada.id] });
    expect(await seenBy(bea)).toEqual([]);
    plant.findInArtifacts({ category: 'sexual_minors', score: 0.2, reason: 'planted:restricted' });
    const hidden = await held();
    expect((await ada.say(`/v1/cases/${hidden.caseId}/presence`, {})).status).toBe(404);
  });

  it('takes a decision under a lease back within seconds, and gives the case to the same hands', async () => {
    const { caseId, id } = await heldPicture();
    const lease = await claim(caseId);
    const decided = await jsonOf(await ask(`/v1/cases/${caseId}/decisions`, { decision: 'release', ...lease }), caseBody);
    expect(decided).toMatchObject({ status: 'released', undo_until: expect.any(String) });
    expect((await jsonOf(await studio.gateway.fetch(`/v1/generations/${id}`), generationBody)).status).toBe('held');
    const undone = await jsonOf(await ask(`/v1/cases/${caseId}/undo`, {}), z.looseObject({ status: z.string(), taken: leased }));
    expect(undone.status).toBe('open');
    const again = {
      decision: 'block',
      policy: 'standard',
      reasons: ['known_bad'],
      lease: undone.taken.id,
      fence: undone.taken.fence,
      undo: 0,
    };
    expect((await ask(`/v1/cases/${caseId}/decisions`, again)).status).toBe(200);
    await settledJob(studio.gateway, id, 'refused');
    const { data } = await jsonOf(
      await ask(`/v1/cases/${caseId}/timeline`),
      z.object({ data: z.array(z.looseObject({ act: z.string() })) }),
    );
    expect(data.map(({ act }) => act)).toEqual(
      expect.arrayContaining(['opened', 'held', 'claimed', 'decided:release', 'undone', 'decided:block']),
    );
  });

  it('gives the next case of a queue and keeps what was filled in; what is decided there comes to rest by itself', async () => {
    await held({ prompt: HELD_PROMPT });
    const queues = await jsonOf(
      await ask('/v1/queues'),
      z.object({ data: z.array(z.looseObject({ id: z.string(), pending: z.number() })) }),
    );
    expect(queues.data.map((queue) => queue.id)).not.toContain('child_safety');
    expect(queues.data.find((queue) => queue.id === 'likeness')?.pending).toBeGreaterThan(0);
    const next = await jsonOf(await ask('/v1/queues/likeness/next', {}), z.object({ case: caseBody, lease: leased }));
    const caseId = next.case.id;
    const draft = { decision: 'block', policy: null, reasons: ['x'], note: 'half a th', regions: [] };
    await ask(`/v1/cases/${caseId}/draft`, draft, 'PUT');
    expect(await jsonOf(await ask(`/v1/cases/${caseId}/draft`), z.looseObject({ draft: z.unknown() }))).toMatchObject({ draft });
    const lease = { lease: next.lease.id, fence: next.lease.fence };
    expect((await ask(`/v1/cases/${caseId}/heartbeat`, lease)).status).toBe(200);
    await ask(`/v1/cases/${caseId}/decisions`, { decision: 'block', policy: 'standard', reasons: ['x'], ...lease, undo: 1 });
    await settledJob(studio.gateway, next.case.generation_id ?? '', 'refused');
    expect((await ask('/v1/queues/appeals/next', {})).status).toBe(204);
    expect((await ask('/v1/queues/child_safety/next', {})).status).toBe(404);
  });

  it('hides suspected child abuse from everybody who is not cleared for it: list, counts, pages, pictures, search', async () => {
    plant.findInArtifacts({ category: 'sexual_minors', score: 0.2, reason: 'planted:restricted' });
    const { caseId, id } = await held();
    expect(await open()).not.toContainEqual(expect.objectContaining({ id: caseId }));
    for (const path of ['', '/timeline', '/media/input-0', '/draft', '/file'])
      expect((await ask(`/v1/cases/${caseId}${path}`)).status, path).toBe(404);
    for (const act of ['claim', 'undo', 'signals']) expect((await ask(`/v1/cases/${caseId}/${act}`, {})).status, act).toBe(404);
    expect((await decide(caseId, 'release')).status).toBe(404);
    expect((await ask(`/v1/explanations/${id}`)).status).toBe(404);
    for (const q of [id, caseId]) {
      expect(await jsonOf(await ask(`/v1/search?q=${q}`), z.looseObject({}))).toMatchObject({ generations: [], artifacts: [], cases: [] });
    }
    expect((await imprimatur('cases', 'list')).out).not.toContain(caseId);
  });

  it('finds a picture by what it looks like, and what was decided about it', async () => {
    const { caseId, id } = await heldPicture();
    await decide(caseId, 'release');
    const { data } = await settledJob(studio.gateway, id, 'published');
    const picture = new Uint8Array(await (await fetch(data?.[0]?.url ?? '')).arrayBuffer());
    const form = new FormData();
    form.append('image', fileOf(picture), 'a.png');
    const found = await jsonOf(
      await studio.gateway.fetch('/v1/search', { method: 'POST', body: form, ...operator }),
      z.looseObject({ generations: z.array(z.looseObject({ id: z.string() })), matches: z.array(z.looseObject({ by: z.string() })) }),
    );
    expect(found.generations.map((one) => one.id)).toContain(id);
    expect(found.matches.map(({ by }) => by)).toContain('hash');
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

    expect((await imprimatur('cases', 'show', second.caseId)).out).toMatch(/held by +\S/);
    expect((await imprimatur('cases', 'claim', second.caseId)).out).toMatch(/^case_\w+ is yours until \S+\.$/);
    expect(await imprimatur('cases', 'escalate', second.caseId, '--to', 'press')).toMatchObject({ code: 1 });

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
