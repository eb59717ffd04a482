import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { captions } from '../../src/prompts/classifier/walrus-model.fixture.ts';
import { modelFile, SUITE } from '../../src/prompts/learning/models.fixture.ts';
import { parsePromptRules } from '../../src/prompts/rules/rules.ts';
import { errorOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { NOTHING_FOUND, plantCheck } from './planted-checks.ts';
import { startUpstream, type Upstream } from './upstream.ts';
import { eventually } from './waiting.ts';

/** Prompts with this word are held, pictures never. */
const HELD = 'marmot';
const plant = plantCheck('prompt-rules');
plant.behave(async ({ prompt }) =>
  prompt.includes(HELD) ? { kind: 'signals', signals: [{ category: 'violence_gore', score: 0.7, reason: 'planted' }] } : NOTHING_FOUND,
);

let upstream: Upstream;
let gateway: TestGateway;
let suites: string;
beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startTestGateway({ models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }] }, { checks: plant.checks });
  suites = join(gateway.dataDir, 'suites');
  mkdirSync(suites);
  writeFileSync(join(suites, 'frozen.jsonl'), SUITE);
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const operator = { surface: 'operator' };
const imprimatur = (...args: string[]) => runCommand(['classifier', ...args, '--config', gateway.configFile]);
const save = (name: string, bytes: Uint8Array | string) => {
  const path = join(gateway.dataDir, name);
  writeFileSync(path, bytes);
  return path;
};
const inForce = async () => JSON.parse((await imprimatur('status', '--json')).out).in_force.sha256;

describe('imprimatur classifier', () => {
  it('puts a model in force that got nothing worse, refuses one that did, and takes it back in one command', async () => {
    const before = await inForce();
    const good = save('good.bin', modelFile());
    expect(await imprimatur('promote', good)).toMatchObject({ code: 1 });
    const evaluated = await imprimatur('evaluate', good, '--suite', suites);
    expect(evaluated.out).toMatch(/frozen +sexual +.*→ 100\.00 %/);
    expect(await imprimatur('promote', good)).toMatchObject({ code: 0, out: expect.stringContaining('Promoted') });
    expect(await inForce()).not.toBe(before);

    const blind = save('blind.bin', modelFile({ shift: -30 }));
    const refused = await imprimatur('promote', blind, '--suite', suites);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('frozen, sexual: recall 100.00 % → 0.00 %') });
    expect((await imprimatur('status')).out).toMatch(/challenger/);

    expect(await imprimatur('rollback')).toMatchObject({ code: 0 });
    expect(await inForce()).toBe(before);
    expect(await imprimatur('rollback')).toMatchObject({ code: 1, err: expect.stringContaining('No model was promoted') });
  });

  it('is named in each decision by the version that looked, before and after a promotion', async () => {
    const looked = async () => {
      const answer = await gateway.post('/v1/images/generations', { model: 'studio', prompt: 'a walrus in a boat' });
      const generation = answer.headers.get('x-imprimatur-generation-id');
      return eventually('the decision stands in the ledger', async () => {
        const entry = (await ledgerEntries(gateway)).find((one) => one['generation'] === generation && one['kind'] === 'decision.made');
        return entry === undefined ? null : z.record(z.string(), z.string()).parse(entry['checks']);
      });
    };
    const before = await looked();
    const good = save('good.bin', modelFile());
    await imprimatur('evaluate', good, '--suite', suites);
    expect(await imprimatur('promote', good)).toMatchObject({ code: 0 });
    const after = await looked();
    expect(after['prompt-classifier']).toBe('1+walrus');
    expect(before['prompt-classifier']).not.toBe(after['prompt-classifier']);
    expect(before['prompt-conversation']).not.toBe(after['prompt-conversation']);
    expect(await imprimatur('rollback')).toMatchObject({ code: 0 });
    expect(await looked()).toEqual(before);
  });

  it('refuses what is no model, no suite, no file or no command, and repeats nothing of a row', async () => {
    const noise = save('noise.bin', 'not a model');
    expect(await imprimatur('evaluate', noise, '--suite', suites)).toMatchObject({
      code: 1,
      err: expect.stringContaining('not a prompt model'),
    });
    const bad = join(gateway.dataDir, 'bad');
    mkdirSync(bad);
    writeFileSync(join(bad, 'frozen.jsonl'), '{"text":"private words"}');
    const answer = await imprimatur('evaluate', save('good.bin', modelFile()), '--suite', bad);
    expect(answer).toMatchObject({ code: 1, err: expect.stringContaining('line 1') });
    expect(answer.err).not.toContain('private');
    for (const args of [['evaluate', noise], ['evaluate', noise, '--suite', '/nowhere'], ['promote'], ['train'], ['perhaps'], []])
      expect((await imprimatur(...args)).code, args.join(' ')).toBe(2);
  });

  it('trains a model that it takes itself, and writes no prompt anywhere', async () => {
    const data = join(gateway.dataDir, 'rows');
    mkdirSync(data);
    writeFileSync(
      join(data, 'captions.jsonl'),
      captions(200)
        .map((row) => JSON.stringify({ ...row, source: 'geneval' }))
        .join('\n'),
    );
    // Rows of a source from which no prompts are made up: training on those takes half a minute.
    const out = join(gateway.dataDir, 'trained.bin');
    const labeled = await gateway.post('/v1/prompt-labels', { text: 'a private lighthouse', labels: { hate: true } }, operator);
    expect(labeled.status).toBe(201);
    const trained = await imprimatur('train', '--data', data, '--out', out, '--name', 'mine.1', '--json');
    expect(trained.err).not.toContain('lighthouse');
    expect(trained.code).toBe(0);
    expect(JSON.parse(trained.out)).toMatchObject({ version: 'mine.1', rows: 200 });
    expect(readFileSync(out).includes('lighthouse')).toBe(false);
    expect((await imprimatur('evaluate', out, '--suite', suites)).err).toBe('');
  }, 120_000);
});

describe('words from decided cases', () => {
  it('are found, decided, and taken away as a rules file', async () => {
    for (let user = 0; user < 6; user++) {
      const answer = await gateway.post('/v1/images/generations', { prompt: `a zorbling ${HELD} ${user}`, user: `user-${user}` });
      const { imprimatur: ours } = await errorOf(answer);
      const caseId = ours.case_id ?? '';
      expect((await gateway.post(`/v1/cases/${caseId}/decisions`, { decision: 'block' }, operator)).status).toBe(200);
    }
    const many = Array.from({ length: 300 }, (_, index) => `word${index} thing${index}`).join(' ');
    await gateway.post('/v1/images/generations', { prompt: many });
    const rules = join(gateway.dataDir, 'learned.yaml');
    expect(await imprimatur('proposals', 'export', rules)).toMatchObject({ code: 1 });
    expect((await imprimatur('proposals', 'find')).out).toMatch(/new proposals from \d+ decided prompts/);
    const proposed = JSON.parse((await imprimatur('proposals', '--json')).out).find(({ term }: { term: string }) =>
      term.includes('zorbling'),
    );
    expect(proposed).toMatchObject({ category: 'violence_gore', callers: 6, benign: 0 });
    expect(await imprimatur('proposals', 'accept', proposed.id)).toMatchObject({ code: 0 });
    expect(await imprimatur('proposals', 'export', rules)).toMatchObject({ code: 0 });
    expect(existsSync(rules) && parsePromptRules(readFileSync(rules, 'utf8')).ok).toBe(true);
  });
});

describe('who may teach', () => {
  it('an operator, not a caller; and no key that travels gets the texts', async () => {
    for (const path of ['/v1/prompt-labels', '/v1/prompt-models', '/v1/prompt-proposals', '/v1/prompt-examples'])
      expect((await gateway.fetch(path)).status, path).toBe(403);
    expect((await gateway.fetch('/v1/prompt-examples', operator)).status).toBe(403);
    expect((await gateway.fetch('/v1/prompt-labels', operator)).status).toBe(200);
  });

  it.each([
    {},
    { labels: { hate: true } },
    { text: 'a', case: 'case_x', labels: { hate: true } },
    { text: 'a', labels: {} },
    { text: 'a', labels: { x: true } },
  ])('not with %j', async (body) =>
    expect((await errorOf(await gateway.post('/v1/prompt-labels', body, operator))).code).toBe('request_invalid'),
  );
});
