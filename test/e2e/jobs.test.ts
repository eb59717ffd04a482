import { describe, expect, it } from 'vitest';
import { errorOf, expectOurs, generationBody, jsonOf } from './answers.ts';
import { known } from './planted-checks.ts';
import { useStudio } from './studio.ts';
import { answerPictures, neutralPicture } from './upstream.ts';
import { gate, settledJob } from './waiting.ts';

const studio = useStudio({ planted: true });
const { plant } = studio;

const submit = (body: object = {}, headers: Record<string, string> = {}) =>
  studio.gateway.post('/v1/generations', { prompt: 'a ball', ...body }, { headers });
const submitted = async (body?: object) => jsonOf(await submit(body), generationBody);

/** A model that waits until the test lets it draw. */
function slowModel() {
  const { passed, open } = gate();
  studio.upstream.behave(async (_request, response) => {
    await passed;
    answerPictures(response, [await neutralPicture()]);
  });
  return open;
}

async function expectPublished(id: string) {
  const { data, error } = await settledJob(studio.gateway, id, 'published');
  expect(error).toBeUndefined();
  expect(data).toHaveLength(1);
  const picture = await fetch(data?.[0]?.url ?? '');
  await expectOurs(studio.gateway, Buffer.from(await picture.arrayBuffer()));
}

/** The events of a job, as `[name, status]`, up to the end of the stream. */
async function eventsOf(answer: Response) {
  const text = await answer.text();
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name, data]) => ({
    name,
    job: generationBody.parse(JSON.parse(data ?? '')),
  }));
}

describe('a caller that asks for it (Prefer: respond-async)', () => {
  it('gets 202 with the job while the model works, and the picture by polling', async () => {
    const draw = slowModel();
    const answer = await studio.gateway.post(
      '/v1/images/generations',
      { prompt: 'a ball' },
      { headers: { prefer: 'respond-async, wait=10' } },
    );
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('respond-async');
    for (const name of ['x-request-id', 'x-imprimatur-generation-id', 'x-imprimatur-decision-id', 'x-imprimatur-policy']) {
      expect(answer.headers.get(name), name).toBeTruthy();
    }
    const job = await jsonOf(answer, generationBody);
    expect(answer.headers.get('location')).toBe(`/v1/generations/${job.id}`);
    expect(job).toMatchObject({ status: 'running' });
    expect(job.data).toBeUndefined();
    draw();
    await expectPublished(job.id);
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it.each([undefined, 'wait=10', 'x-respond-async-not'])('and nobody else: Prefer %s waits for the picture', async (prefer) => {
    const answer = await studio.gateway.post(
      '/v1/images/generations',
      { prompt: 'a ball' },
      { headers: prefer === undefined ? {} : { prefer } },
    );
    expect(answer.status).toBe(200);
  });
});

describe('the native API', () => {
  it('answers a submission with a job that ends in a picture', async () => {
    const { id, status } = await submitted();
    expect(['running', 'published']).toContain(status);
    await expectPublished(id);
  });

  it('tells every change of state as a server-sent event, and closes when nothing can change any more', async () => {
    const draw = slowModel();
    const { id } = await submitted();
    const answer = await studio.gateway.fetch(`/v1/generations/${id}/events`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    draw();
    const events = await eventsOf(answer);
    expect(events.map(({ name }) => name)).toEqual(['generation.running', 'generation.published']);
    expect(events[1]?.job.data).toHaveLength(1);
  });

  it('gives a job that was refused with its error, and no picture', async () => {
    const { id } = await submitted({ prompt: 'naked schoolgirl' });
    const job = await settledJob(studio.gateway, id);
    expect(job).toMatchObject({ status: 'refused', error: { code: 'moderation_blocked' }, decision_id: expect.stringMatching(/^dec_/) });
    expect(job.data).toBeUndefined();
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('gives a job whose model failed with the cause', async () => {
    studio.upstream.behave((_request, response) => void response.destroy());
    const { id } = await submitted();
    expect(await settledJob(studio.gateway, id)).toMatchObject({ status: 'failed', error: { code: 'model_failed' } });
  });

  it('keeps a held picture inside: the job says held, why, and which case, and never has data', async () => {
    plant.findInArtifacts(known(0.6));
    const { id } = await submitted();
    const job = await settledJob(studio.gateway, id);
    expect(job).toMatchObject({ status: 'held', case_id: expect.stringMatching(/^case_/), error: { code: 'review_required' } });
    expect(job.data).toBeUndefined();
    const answer = await studio.gateway.fetch(`/v1/generations/${id}/events`);
    const events = eventsOf(answer);
    await studio.gateway.post(`/v1/cases/${job.case_id}/decisions`, { decision: 'release' }, { surface: 'operator' });
    expect((await events).map(({ name }) => name)).toEqual(['generation.held', 'generation.published']);
  });

  it('shows a job to the key that made it and to operators; for others it does not exist', async () => {
    const { id } = await submitted();
    await settledJob(studio.gateway, id);
    expect((await studio.gateway.fetch(`/v1/generations/${id}`, { surface: 'operator' })).status).toBe(200);
    for (const path of [`/v1/generations/${id}`, `/v1/generations/${id}/events`]) {
      expect((await studio.gateway.fetch(path, { surface: 'chat' })).status, path).toBe(404);
    }
    expect((await fetch(`${studio.gateway.url}/v1/generations/${id}`)).status).toBe(401);
  });

  it.each(['gen_', 'gen_00000000000000000000000000', 'nonsense', "gen_' or 1=1 --"])('has no job %s', async (id) => {
    const answer = await studio.gateway.fetch(`/v1/generations/${encodeURIComponent(id)}`);
    expect(answer.status).toBe(404);
    expect((await errorOf(answer)).code).toBe('not_found');
  });

  it('refuses a wrong submission before there is a job', async () => {
    const answer = await submit({ n: 0 });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-imprimatur-generation-id')).toBeNull();
  });

  it('makes no picture for an operator key', async () => {
    const answer = await studio.gateway.post('/v1/generations', { prompt: 'a ball' }, { surface: 'operator' });
    expect(answer.status).toBe(403);
    expect(studio.upstream.calls).toHaveLength(0);
  });
});
