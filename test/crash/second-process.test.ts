import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../postgres/binaries.ts';
import { type Cluster, startCluster } from '../postgres/cluster.ts';
import { ask } from './ask.ts';
import { createBook } from './book.ts';
import { type CrashUpstream, startCrashUpstream } from './crash-upstream.ts';
import { killLeftovers, type Place, runCli, startGatewayProcess } from './gateway-process.ts';
import { makePlace } from './place.ts';
import { newIntent } from './traffic.ts';

afterEach(killLeftovers);

let upstream: CrashUpstream;
beforeAll(async () => {
  upstream = await startCrashUpstream();
});
afterAll(() => upstream?.close());

/** The first one works, the second one is sent away, the first one still works; killed, it blocks nobody. */
async function secondIsRefused(place: Place): Promise<void> {
  const book = createBook();
  const first = await startGatewayProcess(place);
  expect((await ask(first, newIntent('plain'), book)).status).toBe(200);

  const second = await runCli(['serve'], place);
  expect(second.code).toBe(70);
  expect(second.output).toContain(`Process ${first.pid} `);
  expect(second.output).toMatch(/Stop it, or give this one its own data directory/);
  expect(second.output).not.toMatch(/^\s+at /m);

  expect((await ask(first, newIntent('plain'), book)).status).toBe(200);
  // The command line reaches the first one and starts none of its own.
  const check = await runCli(['fsck', '--json'], place);
  expect(check.stdout).toContain('"flaws":[]');
  expect(check.code).toBe(0);

  await first.kill9();
  const third = await startGatewayProcess(place);
  expect((await ask(third, newIntent('plain'), book)).status).toBe(200);
  expect((await third.stop()).code).toBe(0);
}

describe('a second process on the same data directory', () => {
  it('is refused and told by whom, and the first one goes on (embedded database)', { timeout: 300_000 }, async () => {
    const place = await makePlace({ baseUrl: upstream.baseUrl });
    await secondIsRefused(place);
    await place.remove();
  });

  const binaries = findPostgres();
  if (binaries.kind === 'missing') console.warn(`skipped: a second process, PostgreSQL: ${binaries.reason}`);
  it.skipIf(binaries.kind === 'missing')(
    'is refused on PostgreSQL, too: keys and evidence have one owner',
    { timeout: 300_000 },
    async () => {
      const cluster: Cluster | null = await startCluster();
      if (cluster === null) return;
      const place = await makePlace({ baseUrl: upstream.baseUrl, databaseUrl: cluster.url(await cluster.createDatabase()) });
      try {
        await secondIsRefused(place);
      } finally {
        await cluster.stop();
        await place.remove();
      }
    },
  );
});
