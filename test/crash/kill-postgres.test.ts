import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../postgres/binaries.ts';
import { type Cluster, startCluster } from '../postgres/cluster.ts';
import { type Book, createBook, isAcknowledged } from './book.ts';
import { type CrashUpstream, startCrashUpstream } from './crash-upstream.ts';
import { type GatewayProcess, killLeftovers, startGatewayProcess } from './gateway-process.ts';
import { faultsOf } from './invariants.ts';
import { askAllAgain, killRounds } from './kill-rounds.ts';
import { makePlace } from './place.ts';
import { askOnce, collectCheckpoint, newIntent, startTraffic } from './traffic.ts';

afterEach(killLeftovers);

/** What a gateway without its database may say: nothing was done, or what was under way is lost. */
const EXCUSES: ReadonlySet<string> = new Set(['storage_unavailable', 'generation_lost']);
const READY_LIMIT_MS = 60_000;

const binaries = findPostgres();
if (binaries.kind === 'missing') console.warn(`skipped: PostgreSQL killed: ${binaries.reason}`);

describe.skipIf(binaries.kind === 'missing')('a gateway on PostgreSQL', () => {
  let upstream: CrashUpstream;
  let cluster: Cluster | null = null;
  beforeAll(async () => {
    [upstream, cluster] = await Promise.all([startCrashUpstream(), startCluster()]);
  });
  afterAll(async () => {
    await cluster?.stop();
    await upstream?.close();
  });
  const server = () => {
    if (cluster === null) throw new Error('The PostgreSQL test server does not run.');
    return cluster;
  };
  const newPlace = async () => makePlace({ baseUrl: upstream.baseUrl, databaseUrl: server().url(await server().createDatabase()) });

  it('survives the death of its database under load, refuses meanwhile, and goes on by itself', { timeout: 300_000 }, async () => {
    const place = await newPlace();
    const gateway = await startGatewayProcess(place);
    const book = createBook();
    for (const end of [server().kill9, server().quit]) {
      const traffic = startTraffic({ gateway, book, excuses: EXCUSES });
      await untilPictures(book, book.served.length + 4);
      await sleep(Math.random() * 200);
      await end();
      try {
        await traffic.stop();
        await refusesEverything(gateway, book, upstream);
      } finally {
        await server().restart();
      }
      await untilReady(gateway);
    }
    await askAllAgain({ gateway, book, upstream, commitsWereUnsure: true });
    await collectCheckpoint(gateway, book);
    expect(await faultsOf({ gateway, book, upstream })).toEqual([]);
    expect(book.answers.filter(isAcknowledged).length).toBeGreaterThan(8);
    expect((await gateway.stop()).code).toBe(0);
    await place.remove();
  });

  it('takes nothing back that a caller was told when it is killed itself', { timeout: 300_000 }, async () => {
    const place = await newPlace();
    const result = await killRounds({ place, upstream, book: createBook(), rounds: 3 });
    expect(result.faults).toEqual([]);
    expect(result.pictures).toBeGreaterThan(1);
    expect(result.interrupted).toBeGreaterThan(1);
    await place.remove();
  });
});

/** Without its database the gateway answers, says why, asks to come again, and leaves the model alone. */
async function refusesEverything(gateway: GatewayProcess, book: Book, upstream: CrashUpstream): Promise<void> {
  expect((await gateway.get('/readyz')).status).toBe(503);
  expect((await gateway.get('/healthz')).status).toBe(200);
  for (const kind of ['plain', 'stream', 'job'] as const) {
    const intent = newIntent(kind);
    await askOnce({ gateway, book, excuses: EXCUSES, intent, isRepeat: false });
    expect(book.answers.at(-1)).toMatchObject({ intent, status: 503, code: 'storage_unavailable', shouldRetry: 'true' });
    expect(upstream.callsFor(intent.prompt)).toBe(0);
  }
}

async function untilReady(gateway: GatewayProcess): Promise<void> {
  const giveUpAt = Date.now() + READY_LIMIT_MS;
  while ((await gateway.get('/readyz')).status !== 200) {
    if (Date.now() > giveUpAt) throw new Error('The gateway did not find its database again.');
    await sleep(50);
  }
}

async function untilPictures(book: Book, wanted: number): Promise<void> {
  const giveUpAt = Date.now() + READY_LIMIT_MS;
  while (book.served.length < wanted && Date.now() < giveUpAt) await sleep(10);
}
