import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCommand } from './cli.ts';

// Commands that need no gateway.

const UPSTREAM_KEY = 'sk-upstream-key-of-the-test';
const dir = mkdtempSync(join(tmpdir(), 'imprimatur-cli-'));
const configFile = join(dir, 'imprimatur.yaml');
beforeAll(() => {
  const model = { name: 'studio', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1', apiKey: UPSTREAM_KEY };
  writeFileSync(configFile, JSON.stringify({ dataDir: join(dir, 'data'), models: [model] }));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const imprimatur = (...args: string[]) => runCommand([...args, '--config', configFile]);

describe('imprimatur policy', () => {
  it.each(['standard', 'strict'])('checks and tests the pack %s that ships', async (pack) => {
    expect(await imprimatur('policy', 'check', pack)).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`${pack}@1\\.[12]\\.0\\+sha256:`)),
    });
    const tested = await imprimatur('policy', 'test', pack);
    expect(tested.code).toBe(0);
    expect(tested.out).toMatch(/^(\d+) of \1 cases hold\.$/);
  });

  it('names the line of a mistake; exit 1', async () => {
    const text = readFileSync('policies/standard/policy.yaml', 'utf8').replace('id: known-hashes', 'id: known-hashs');
    const line = text.slice(0, text.indexOf('known-hashs')).split('\n').length;
    const path = join(dir, 'policy.yaml');
    writeFileSync(path, text);
    const { code, out } = await imprimatur('policy', 'check', path);
    expect(code).toBe(1);
    expect(out).toContain(`policy.yaml:${line}`);
    expect(out).toContain('known-hashes');
    const problems = z.looseObject({ kind: z.string(), problems: z.array(z.looseObject({ line: z.int() })) });
    expect(problems.parse(JSON.parse((await imprimatur('policy', 'check', path, '--json')).out)).problems[0]).toMatchObject({ line });
  });

  it('shows what led to a decision', async () => {
    const name = 'a sexualized minor is blocked from 0.3 on, by the floor';
    const { code, out } = await imprimatur('policy', 'explain', 'standard', '--case', name);
    expect(code).toBe(0);
    expect(out).toMatch(/block/i);
    expect(out).toContain('floor:sexual_minors');
    expect((await imprimatur('policy', 'explain', 'standard', '--case', 'no such case')).code).toBe(2);
  });
});

describe('imprimatur config print', () => {
  it('shows every setting with where it came from, and no secret', async () => {
    const bootstrap = 'bootstrap-key-of-the-test-0123456789';
    const env = { IMPRIMATUR_BOOTSTRAP_KEY: bootstrap, IMPRIMATUR_DATABASE_URL: 'postgres://me:hunter22@127.0.0.1/db' };
    for (const more of [[], ['--json']]) {
      const { code, out } = await runCommand(['config', 'print', '--config', configFile, '--port', '9999', ...more], env);
      expect(code).toBe(0);
      expect(out).not.toMatch(new RegExp([bootstrap, 'hunter22', UPSTREAM_KEY].join('|')));
      expect(out).toContain('[redacted]');
      expect(out).toMatch(/port\W.*9999.*flag/);
      expect(out).toMatch(/bootstrapKey\W.*environment/);
    }
  });

  it('names every mistake of a configuration; exit 2', async () => {
    const { code, err } = await runCommand(['config', 'print'], {
      IMPRIMATUR_PORT: 'many',
      IMPRIMATUR_PROT: '1',
      IMPRIMATUR_BOOTSTRAP_KEY: 'short',
    });
    expect(code).toBe(2);
    expect(err).toMatch(/port: /);
    expect(err).toContain('IMPRIMATUR_PROT');
  });
});

describe('the command line', () => {
  it('explains itself, and ends with 2 when it is used wrongly', async () => {
    expect(await runCommand(['help'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/serve.*keys.*cases.*policy.*ledger.*verify.*fsck/s),
    });
    expect(await runCommand(['keys', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('keys create') });
    expect((await runCommand(['frobnicate'])).code).toBe(2);
    expect((await imprimatur('fsck', '--frobnicate')).code).toBe(2);
  });
});
