import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneTemplate } from '../postgres/template.ts';
import { ask } from './ask.ts';
import { type Book, createBook } from './book.ts';
import { type CrashUpstream, startCrashUpstream } from './crash-upstream.ts';
import { type GatewayProcess, killLeftovers, spawnImprimatur, startGatewayProcess } from './gateway-process.ts';
import { brokenPromises, faultsOf } from './invariants.ts';
import { askAllAgain } from './kill-rounds.ts';
import { makePlace } from './place.ts';
import { mountSmallDisk } from './small-disk.ts';
import { askOnce, collectCheckpoint, newIntent } from './traffic.ts';

afterEach(killLeftovers);

const EXCUSES: ReadonlySet<string> = new Set(['storage_unavailable', 'generation_lost']);
const DISK_MB = 96;

let upstream: CrashUpstream;
let home: string;
beforeEach(async () => {
  upstream = await startCrashUpstream({ maxDelayMs: 5 });
  home = await mkdtemp(join(tmpdir(), 'imp-full-'));
});
afterEach(async () => {
  await upstream.close();
  await rm(home, { recursive: true, force: true });
});

describe('a disk that is full', () => {
  it('refuses pictures and loses none; with space again everything goes on by itself', { timeout: 300_000 }, async () => {
    const disk = await mountSmallDisk({ directory: join(home, 'data'), sizeMb: DISK_MB });
    if ('refused' in disk) {
      console.warn(`skipped: a full disk: ${disk.refused}`);
      return;
    }
    try {
      await cloneTemplate(join(disk.outside, 'database'), 'empty');
      const place = { ...(await makePlace({ baseUrl: upstream.baseUrl, home })), through: disk.through };
      const book = createBook();
      let gateway = await startGatewayProcess(place);
      expect((await ask(gateway, newIntent('plain'), book)).status).toBe(200);

      await disk.fill();
      // First the evidence does not fit, and soon the database's own log.
      for (let i = 0; i < 100 && book.answers.at(-1)?.code !== 'storage_unavailable'; i++) await refusesPictures(gateway, book, 5);
      expect(book.answers.at(-1)).toMatchObject({ code: 'storage_unavailable', shouldRetry: 'true' });
      expect((await gateway.get('/healthz')).status).toBe(200);
      expect(await drafts(disk.outside)).toEqual([]);

      await disk.free();
      await untilPicture(gateway, book);
      await settle(gateway, book);

      // Full, and killed on top of it: a start either works or says what is wrong, and works when there is space.
      await disk.fill();
      await refusesPictures(gateway, book, 5);
      await gateway.kill9();
      const whileFull = await startOutcome(place);
      expect(whileFull).toMatch(/^ready$|The data directory .* cannot be written \(ENOSPC\)|The database could not/);
      await disk.free();
      gateway = await startGatewayProcess(place);
      await untilPicture(gateway, book);
      expect(await brokenPromises(gateway, book.answers)).toEqual([]);
      await settle(gateway, book);
      expect((await gateway.stop()).code).toBe(0);
    } finally {
      await disk.remove();
    }
  });
});

describe('a file that may not grow beyond a limit', () => {
  it('refuses the picture that does not fit, leaves no half of it, and publishes the next one', { timeout: 300_000 }, async () => {
    // 512-byte blocks: 4.6 MB, so that the database's own files of 4 MB fit.
    const place = { ...(await makePlace({ baseUrl: upstream.baseUrl })), through: ['sh', '-c', 'ulimit -f 9000; exec "$0" "$@"'] };
    const gateway = await startGatewayProcess(place);
    const book = createBook();
    expect(await ask(gateway, newIntent('large'), book)).toMatchObject({ status: 503, code: 'generation_lost', shouldRetry: 'false' });
    expect(await drafts(join(place.home, 'data'))).toEqual([]);
    expect((await ask(gateway, newIntent('plain'), book)).status).toBe(200);
    await settle(gateway, book);
    expect((await gateway.stop()).code).toBe(0);
    await place.remove();
  });
});

/** Not one picture leaves; answers are clear and the book stays true. */
async function refusesPictures(gateway: GatewayProcess, book: Book, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const before = book.served.length;
    await askOnce({ gateway, book, excuses: EXCUSES, intent: newIntent(i % 3 === 2 ? 'stream' : 'plain'), isRepeat: false });
    expect(book.served.length).toBe(before);
    expect(EXCUSES).toContain(book.answers.at(-1)?.code);
  }
}

async function untilPicture(gateway: GatewayProcess, book: Book): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  for (;;) {
    const { status, code } = await ask(gateway, newIntent('plain'), book);
    if (status === 200) return;
    if (Date.now() > giveUpAt) throw new Error(`There is space again, and still: ${status} ${code}`);
    await sleep(100);
  }
}

async function settle(gateway: GatewayProcess, book: Book): Promise<void> {
  await askAllAgain({ gateway, book, upstream, commitsWereUnsure: true });
  await collectCheckpoint(gateway, book);
  expect(await faultsOf({ gateway, book, upstream })).toEqual([]);
}

async function drafts(dataDir: string): Promise<string[]> {
  return readdir(join(dataDir, 'evidence/drafts'));
}

/** `ready`, or the first line of what it said. */
async function startOutcome(place: Parameters<typeof startGatewayProcess>[0]): Promise<string> {
  const { child, exited, stdout, output } = await spawnImprimatur(['serve'], place);
  const giveUpAt = Date.now() + 30_000;
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) {
    if (stdout().includes('ready on')) break;
    await sleep(20);
  }
  const isReady = stdout().includes('ready on');
  child.kill('SIGKILL');
  await exited;
  return isReady ? 'ready' : output();
}
