import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/access/loopback.ts';
import { startGateway } from '../../src/compose/start-gateway.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { cloneTemplate } from '../postgres/template.ts';
import { type ChildCommand, startCommand } from './child-command.ts';
import { runCommand } from './cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'imprimatur-exposure-'));
let served: ChildCommand | undefined;
afterAll(async () => {
  await served?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const ENV = { IMPRIMATUR_DATA_DIR: join(dir, 'data'), IMPRIMATUR_PORT: '0', IMPRIMATUR_LOG_LEVEL: 'info' };
const startOn = (host: string, env: Record<string, string> = {}) =>
  startGateway(loadConfig({ env: { ...ENV, IMPRIMATUR_HOST: host, ...env } }));

describe('a gateway with development keys, certificates or the demo model', () => {
  it.each(['0.0.0.0', '::', '192.0.2.7', 'gateway.example'])('does not start on %s, and says what is in the way', async (host) => {
    await expect(startOn(host)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/development certificate authority.*the demo model.*IMPRIMATUR_ALLOW_DEVELOPMENT/),
    });
  });

  it('does not start there with keys of its own and a real model either, because the certificate is for trying out', async () => {
    const config = join(dir, 'real.yaml');
    writeFileSync(config, JSON.stringify({ models: [{ name: 'studio', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' }] }));
    const keys = { IMPRIMATUR_BOOTSTRAP_KEY: 'k'.repeat(32), IMPRIMATUR_CONFIG: config };
    const refused = startOn('0.0.0.0', keys);
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('development certificate authority') });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('demo model') });
  });

  it('ends with the exit code of wrong use when the command line asks for it', async () => {
    const { code, err } = await runCommand(['serve', '--host', '0.0.0.0', '--data-dir', join(dir, 'data')]);
    expect(code).toBe(2);
    expect(err).toContain('0.0.0.0 can be reached from other machines');
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['localhost', true],
    ['::1', true],
    ['127.0.0.1.example.com', false],
    ['0.0.0.0', false],
    ['localhost.example.com', false],
    ['10.0.0.1', false],
    ['', false],
  ])('%s is loopback: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));

  it('starts there when it is told to, and says so in the log and in the ledger', async () => {
    await cloneTemplate(join(ENV.IMPRIMATUR_DATA_DIR, 'database'), 'migrated');
    served = startCommand(['serve'], { ...ENV, IMPRIMATUR_HOST: '0.0.0.0', IMPRIMATUR_ALLOW_DEVELOPMENT: 'true' });
    const url = (await served.said(/ready on (http:\S+)/)).replace('0.0.0.0', '127.0.0.1');
    const warnings = served
      .stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === 'development.allowed');
    const parts = ['the development certificate authority', 'the demo model', 'development API keys'];
    expect(warnings).toMatchObject([{ level: 40, host: '0.0.0.0', parts }]);

    await expect.poll(async () => (await fetch(`${url}/ledger/checkpoint`)).status).toBe(200);
    const size = (await (await fetch(`${url}/ledger/checkpoint`)).text()).split('\n')[1];
    const bundle = await (await fetch(`${url}/ledger/tile/entries/000.p/${size}`)).text();
    expect(bundle).toContain('"kind":"gateway.started"');
    expect(bundle).toContain('"the demo model"');
    expect(await served.stop()).toBe(0);
  });
});
