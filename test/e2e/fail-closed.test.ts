import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Detection } from '../../src/contracts/check.ts';
import { CHECKS } from '../../src/detectors/registry.ts';
import { countOf, errorOf, expectWhole } from './answers.ts';
import { runCommand } from './cli.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { plantCheck } from './planted-checks.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const dir = mkdtempSync(join(tmpdir(), 'imprimatur-policy-'));
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(async () => {
  await upstream?.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => upstream.reset());

const models = () => [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }];

/** Ways in which a check can leave the question open. */
const TROUBLES: [string, () => Promise<Detection>][] = [
  ['throws', () => Promise.reject(new Error('the detector fell over'))],
  [
    'throws before it begins',
    () => {
      throw new TypeError('not even a promise');
    },
  ],
  ['hangs', () => new Promise(() => undefined)],
  ['answers garbage', () => Promise.resolve({ kind: 'fine' } as unknown as Detection)],
  ['answers nothing', () => Promise.resolve(undefined as unknown as Detection)],
  [
    'finds a risk that is no number',
    () => Promise.resolve({ kind: 'signals', signals: [{ category: 'known_bad', score: Number.NaN, reason: 'x' }] }),
  ],
  ['says that it cannot judge this', () => Promise.resolve({ kind: 'abstained', reason: 'unknown format' })],
];

describe.each([
  ['standard', 403, 'review_required', 'held'],
  ['strict', 400, 'moderation_blocked', 'refused'],
])('under the policy %s', (policy, status, code, state) => {
  const plant = plantCheck('known-hashes');
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ models: models(), policy }, { checks: plant.checks });
  });
  afterAll(() => gateway?.close());
  beforeEach(() => plant.reset());

  const ask = () => gateway.post('/v1/images/generations', { prompt: 'a ball' });

  it.each(TROUBLES)(`a check of pictures that %s lets nothing out: ${state}`, async (_name, detect) => {
    plant.behave(detect);
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    const error = await errorOf(answer);
    expect(error.code).toBe(code);
    expect(JSON.stringify(error)).not.toMatch(/fell over|known-hashes|TypeError/);
    expect(await countOf(gateway, `generations where id = '${error.imprimatur.generation_id}' and state = '${state}'`)).toBe(1);
    expect(await countOf(gateway, 'artifacts where published_at is not null')).toBe(0);
  });

  it('an answer that comes too late counts as none', async () => {
    plant.behave(() => new Promise((resolve) => setTimeout(resolve, 600, { kind: 'signals', signals: [] })));
    expect((await ask()).status).toBe(status);
  });

  it('moderations are not answered with "harmless" when a check could not tell', async () => {
    plant.behave(() => Promise.reject(new Error('the detector fell over')));
    const image_url = { url: `data:image/png;base64,${Buffer.from('x').toString('base64')}` };
    const answer = await gateway.post('/v1/moderations', { input: [{ type: 'image_url', image_url }] });
    expect(answer.status).toBe(503);
    expect((await errorOf(answer)).code).toBe('check_failed');
  });

  it('leaves every record whole', () => expectWhole(gateway));

  it('and lets the next one out when the check works again', async () => {
    expect((await ask()).status).toBe(200);
  });
});

describe('a check of prompts', () => {
  const plant = plantCheck('prompt-rules');
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ models: models() }, { checks: plant.checks });
  });
  afterAll(() => gateway?.close());

  it.each(TROUBLES.slice(0, 5))('that %s holds the prompt, and the model is not asked', async (_name, detect) => {
    plant.behave(detect);
    const answer = await gateway.post('/v1/images/generations', { prompt: 'a ball' });
    expect(await errorOf(answer)).toMatchObject({ code: 'review_required', moderation_details: { moderation_stage: 'input' } });
    expect(upstream.calls).toHaveLength(0);
  });
});

describe('a policy that cannot be kept', () => {
  const policyWith = (line: string) => {
    const path = join(dir, 'policy.yaml');
    const checks = ['checks:', '  - { id: prompt-rules, whenFailed: hold }', line];
    writeFileSync(
      path,
      ['imprimatur: policy/v1', 'name: mine', 'version: 1.0.0', 'description: mine', ...checks, 'appeal: { contact: us }', ''].join('\n'),
    );
    return path;
  };

  const UNKNOWN_CHECK = '  - { id: no-such-check, whenFailed: hold }';

  it('(it names a check that does not exist) refuses to start and says which line', async () => {
    const start = startTestGateway({ models: models(), policy: policyWith(UNKNOWN_CHECK) });
    const message = expect.stringMatching(/policy\.yaml:7\b[^\n]*no-such-check/);
    await expect(start).rejects.toMatchObject({ code: 'POLICY_INVALID', message });
  });

  it.each([
    ['names a check that does not exist', UNKNOWN_CHECK],
    ['lets a failed check pass', '  - { id: file-sanity, whenFailed: allow }'],
    ['is no YAML', '  - { id: file-sanity'],
  ])('(it %s) is refused by "policy check" with the same line', async (_name, line) => {
    const { code, out } = await runCommand(['policy', 'check', policyWith(line)]);
    expect(code).toBe(1);
    expect(out).toMatch(/policy\.yaml:[78]\b/);
  });

  it('(its check was taken out of the program) refuses to start', async () => {
    const checks = CHECKS.filter(({ id }) => id !== 'known-hashes');
    const start = startTestGateway({ models: models() }, { checks });
    await expect(start).rejects.toMatchObject({ code: 'POLICY_INVALID', message: expect.stringContaining('known-hashes') });
  });
});
