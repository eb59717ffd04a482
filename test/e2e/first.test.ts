import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { startUpstream, type Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startTestGateway({ models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }], logLevel: 'debug' });
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

it('makes a picture', async () => {
  const answer = await gateway.sdk().images.generate({ model: 'gpt-image-1', prompt: 'a red ball on a blue table' });
  expect(answer.data?.[0]?.b64_json?.length).toBeGreaterThan(1000);
  const bytes = Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64');
  const form = new FormData();
  form.append('file', new Blob([bytes]), 'a.png');
  const report = await (await gateway.fetch('/v1/verify', { method: 'POST', body: form })).json();
  console.log(JSON.stringify(report, null, 1));
  expect(report.verdict).toBe('ours-intact');
  await new Promise((r) => setTimeout(r, 300));
  const proof = await gateway.fetch(`/ledger/proof/${report.record.artifact_id}`);
  console.log(proof.status, Buffer.from((await proof.json()).entry, 'base64').toString());
});
