import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelFolder } from '../../src/detectors/plugins/tiny-model.fixture.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';

/** Nearly every picture has some of each color. One model is listed and says so, the other is on trial and would hold it. */
const listed = new ModelFolder();
const trial = new ModelFolder();
let gateway: TestGateway;
beforeAll(async () => {
  const detectors = [
    {
      kind: 'onnx',
      manifest: listed.manifest({
        labels: '[red, green, { label: blue, category: ip }]',
        coverage: '',
      }),
    },
    {
      kind: 'onnx',
      manifest: trial.manifest({
        id: 'alarm',
        labels: '[{ label: red, category: violence_gore, threshold: 0.001 }, green, blue]',
        coverage: '',
      }),
    },
  ];
  const standard = readFileSync('policies/standard/policy.yaml', 'utf8');
  const text = `${standard.replace('checks:\n', 'checks:\n  - { id: colors, whenFailed: hold }\n')}\nshadow:\n  - { id: alarm, deadlineMs: 60000 }\n`;
  gateway = await startTestGateway({ detectors, policy: listed.write('policy.yaml', text) });
});
afterAll(async () => {
  await gateway?.close();
  listed.close();
  trial.close();
});

describe('a gateway with models of the operator’s own', () => {
  it('lets the one decide that the policy lists; of the one on trial it stores and counts what it says, and publishes all the same', async () => {
    const published = await gateway.post('/v1/images/generations', { prompt: 'a red ball', model: 'demo', size: '256x256' });
    const { parts } = gateway.gateway;
    const { rows } = await parts.db.query({ text: 'SELECT action, body FROM decisions WHERE stage = $1', values: ['output'] });
    const [output] = rows;
    expect([published.status, output?.['action']]).toEqual([200, 'allow']);
    const body = output?.['body'] as { readonly findings: unknown; readonly shadows: unknown };
    expect(JSON.stringify(body.findings)).toContain('"colors:blue"');
    expect(JSON.stringify(body.findings)).not.toContain('alarm');
    expect(body.shadows).toMatchObject([
      { check: 'alarm', kind: 'signals', signals: [{ category: 'violence_gore', reason: 'alarm:red' }] },
    ]);
    const metrics = await parts.telemetry.registry.metrics();
    expect(metrics).toMatch(/imprimatur_shadow_comparisons_total\{check="alarm",category="violence_gore",outcome="only_shadow"\} 1/);
    expect(parts.policy.checks.find(({ id }) => id === 'colors')?.version).toMatch(/^1\+[0-9a-f]{16}$/);
  });

  it('judges texts as before, also in processes that have no model', async () => {
    const input = Array.from({ length: 40 }, (_, at) => `a red ball number ${at}`);
    expect((await gateway.post('/v1/moderations', { input })).status).toBe(200);
  });
});
