import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, isRunning } from '../postgres/processes.ts';
import { type Book, type Intent, isAcknowledged } from './book.ts';
import type { CrashUpstream } from './crash-upstream.ts';
import { type GatewayProcess, type Place, spawnImprimatur, startGatewayProcess } from './gateway-process.ts';
import { brokenPromises, faultsOf, fsckOf } from './invariants.ts';
import { askOnce, collectCheckpoint, startTraffic } from './traffic.ts';

interface KillOptions {
  readonly place: Place;
  readonly upstream: CrashUpstream;
  readonly book: Book;
  readonly rounds: number;
  readonly onRound?: (round: number, book: Book) => void;
}

export interface KillResult {
  readonly faults: readonly string[];
  readonly kills: number;
  readonly acknowledged: number;
  readonly interrupted: number;
  readonly lost: number;
  readonly pictures: number;
  readonly checkpoints: number;
  readonly startsMs: readonly number[];
  /** Artifacts whose evidence was opened at the end. */
  readonly fsckChecked: number;
  /** Sealed files on disk. Those above two for each checked artifact were sealed and never written down: the kill came between. */
  readonly blobs: number;
}

/** A gateway that is killed says nothing false, so there is no excuse for any failure but silence. */
const NO_EXCUSES: ReadonlySet<string> = new Set();
/** One start in four is itself killed. */
const START_KILLS = 4;
const LOAD_LIMIT_MS = 6_000;

/** Starts the gateway, loads it, kills it, and looks at what is left; `rounds` times on the same data. */
export async function killRounds({ place, upstream, book, rounds, onRound }: KillOptions): Promise<KillResult> {
  const faults: string[] = [];
  const startsMs: number[] = [];
  const orphans: number[] = [];
  let [kills, interrupted, seen] = [0, 0, 0];
  const start = async () => {
    const gateway = await startGatewayProcess(place);
    startsMs.push(Math.round(gateway.readyMs));
    faults.push(...(await brokenPromises(gateway, book.answers.slice(seen))), ...(await fsckOf(gateway)).flaws);
    seen = book.answers.length;
    return gateway;
  };

  for (let round = 0; round < rounds; round++) {
    if (round % START_KILLS === START_KILLS - 1) {
      await killDuringStart(place);
      kills++;
    }
    const gateway = await start();
    const traffic = startTraffic({ gateway, book, excuses: NO_EXCUSES });
    await untilRandomMoment(book);
    orphans.push(...descendantsOf(gateway.pid));
    const before = book.interrupted.size;
    await gateway.kill9();
    kills++;
    await traffic.stop();
    interrupted += Math.max(0, book.interrupted.size - before);
    onRound?.(round, book);
  }

  const gateway = await start();
  await askAllAgain({ gateway, book, upstream });
  await collectCheckpoint(gateway, book);
  faults.push(
    ...(await faultsOf({ gateway, book, upstream })),
    ...orphans.filter(isRunning).map((pid) => `process ${pid} outlived its gateway`),
  );
  const { checked } = await fsckOf(gateway);
  const exit = await gateway.stop();
  if (exit.code !== 0) faults.push(`SIGTERM ended it with ${JSON.stringify(exit)}: ${gateway.output().slice(-500)}`);
  const evidence = (await readdir(join(place.home, 'data/evidence'), { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );
  faults.push(...evidence.filter(({ name }) => name.startsWith('.draft')).map(({ name }) => `half a file is left: ${name}`));
  return {
    faults,
    kills,
    acknowledged: book.answers.filter(isAcknowledged).length,
    interrupted,
    lost: book.answers.filter(({ code }) => code === 'generation_lost').length,
    pictures: book.served.length,
    checkpoints: book.checkpoints.size,
    startsMs,
    fsckChecked: checked,
    blobs: evidence.length,
  };
}

/**
 * Waits for some answers, or some pictures, or nothing, and then a moment longer. It counts what was done and not seconds, so that a busy
 * machine is killed amid as much work as a quiet one.
 */
async function untilRandomMoment({ answers, served }: Book): Promise<void> {
  const [done, most] = Math.random() < 0.5 ? [served, 8] : [answers, 14];
  const wanted = Math.random() < 0.2 ? 0 : done.length + 1 + Math.floor(Math.random() * most);
  const giveUpAt = Date.now() + LOAD_LIMIT_MS;
  while (done.length < wanted && Date.now() < giveUpAt) await sleep(5);
  await sleep(Math.random() * 250);
}

interface AskAgain {
  readonly gateway: GatewayProcess;
  readonly book: Book;
  readonly upstream: CrashUpstream;
  /**
   * The database died while the gateway lived. When that happened in the commit of a publication, "lost" was all that could be said, and
   * the picture may turn out to be there; it must then be the one that the model made before.
   */
  readonly commitsWereUnsure?: boolean;
}

/** Every wish that was cut off is asked again until it has an answer; and those told to be lost once more: they must stay so. */
export async function askAllAgain({ gateway, book, upstream, commitsWereUnsure = false }: AskAgain): Promise<void> {
  const again = (intents: readonly Intent[]) =>
    Promise.all(intents.map((intent) => askOnce({ gateway, book, excuses: NO_EXCUSES, intent, isRepeat: true })));
  for (let i = 0; book.interrupted.size > 0 && i < 5; i++) await again([...book.interrupted.values()]);
  for (const { key } of book.interrupted.values()) book.surprises.push(`${key} never got an answer`);

  const lost = book.answers.filter(({ code }) => code === 'generation_lost').map(({ intent }) => intent);
  const reached = new Set(lost.filter(({ prompt }) => upstream.callsFor(prompt) > 0));
  const told = book.answers.length;
  await again(lost);
  for (const { intent, status, code } of book.answers.slice(told)) {
    const turnedUp = commitsWereUnsure && reached.has(intent) && status === 200;
    if (code !== 'generation_lost' && !turnedUp) book.surprises.push(`${intent.key} was lost, and now it is ${status} ${code}`);
  }
}

async function killDuringStart(place: Place): Promise<void> {
  const { child, exited } = await spawnImprimatur(['serve'], place);
  await sleep(Math.random() * 1500);
  child.kill('SIGKILL');
  await exited;
}
