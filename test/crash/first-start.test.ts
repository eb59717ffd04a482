import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { killLeftovers, spawnImprimatur, startGatewayProcess } from './gateway-process.ts';

afterEach(killLeftovers);

const KILLS = 5;
/** Later than any start takes; a start that is ready is killed at once. */
const START_MS = 4_000;

it('a first start that is killed at any moment leaves nothing that the next one cannot use, nor keys that nobody knows', {
  timeout: 300_000,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), 'imp-crash-'));
  // No key is configured, so the start makes some and shows them.
  const place = { home, settings: {}, bootstrap: false };
  for (let i = 0; i < KILLS; i++) {
    const { child, exited, stdout } = await spawnImprimatur(['serve'], place);
    const killAt = performance.now() + ((i + Math.random()) / KILLS) * START_MS;
    while (performance.now() < killAt && !stdout().includes('ready on')) await sleep(10);
    child.kill('SIGKILL');
    await exited;
  }
  const gateway = await startGatewayProcess(place);
  const keys = [...gateway.output().matchAll(/^ {2}(chat|app|api|operator) +(imp_\S+)$/gm)];
  expect(keys.map(([, surface]) => surface)).toEqual(['chat', 'app', 'api', 'operator']);
  for (const [, surface, token] of keys) {
    const path = surface === 'operator' ? '/v1/cases' : '/v1/models';
    expect((await gateway.get(path, { headers: { authorization: `Bearer ${token}` } })).status, surface).toBe(200);
  }
  expect(JSON.parse(await readFile(join(home, 'data/development-keys.json'), 'utf8'))).toHaveProperty('api');
  expect((await gateway.stop()).code).toBe(0);
  await rm(home, { recursive: true, force: true });
});
