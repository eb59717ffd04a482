import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { errorOf, generationBody, jsonOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { plantCheck } from './planted-checks.ts';
import { answerPictures, neutralPicture, startUpstream, type Upstream } from './upstream.ts';
import { settledJob } from './waiting.ts';

/** Every picture of the model is held for a person. */
const plant = plantCheck('nudity');
plant.findInArtifacts({ category: 'violence_gore', score: 0.7, reason: 'planted' });
const picture = await neutralPicture();

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startUpstream();
  upstream.behave(async (_request, response) => answerPictures(response, [picture]));
  gateway = await startTestGateway({ models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }] }, { checks: plant.checks });
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const imprimatur = (...args: string[]) => runCommand([...args, '--config', gateway.configFile]);
const operator = { surface: 'operator' };
const release = (caseId: string) =>
  gateway.post(`/v1/cases/${caseId}/decisions`, { decision: 'release', reasons: ['violence_gore'] }, operator);

it('does not leave by a person’s word when its hash was listed while it waited, and does when it is listed no more', async () => {
  const held = await errorOf(await gateway.post('/v1/images/generations', { model: 'studio', prompt: 'a ball' }));
  expect(held.code).toBe('review_required');
  const { case_id: caseId, generation_id: id } = z.looseObject({ case_id: z.string(), generation_id: z.string() }).parse(held.imprimatur);
  const list = join(gateway.dataDir, 'list.csv');
  writeFileSync(list, `md5,${createHash('md5').update(picture).digest('hex')}\n`);
  expect((await imprimatur('lists', 'import', list, '--name', 'late')).code).toBe(0);

  const said = await jsonOf(await release(caseId), z.looseObject({ status: z.string(), recorded: z.string() }));
  expect([said.status, said.recorded]).toEqual(['open', 'release']);
  const { status } = await jsonOf(await gateway.fetch(`/v1/generations/${id}`), generationBody);
  expect(status).toBe('held');
  const last = (await ledgerEntries(gateway)).slice(-2);
  expect(last).toMatchObject([
    { kind: 'decision.made', by: 'policy', action: 'block' },
    { kind: 'case.reopened', because: 'release_stopped' },
  ]);

  expect((await imprimatur('lists', 'remove', 'late')).code).toBe(0);
  expect((await release(caseId)).status).toBe(200);
  await settledJob(gateway, id, 'published');
});
