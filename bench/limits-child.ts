/**
 * One process that asks limits as the gateway's stages do. `node limits-child.js URL MODE LANES`: `one` asks for one count until it has said no for a
 * while, and then gives back what it leased; `cold` asks for another count each time, `hot` for one under a limit that nobody reaches, both for
 * SECONDS. What was given so far is a line on stdout every 20 ms, for whoever kills this process.
 */
import { createDoor } from '../src/access/door/door.ts';
import { createSubjects } from '../src/access/limits/asking.ts';
import { createLeases } from '../src/access/limits/leases.ts';
import { createLimitBook } from '../src/access/limits/limit-book.ts';
import { createLimits } from '../src/access/limits/limits.ts';
import { createPricing } from '../src/access/limits/pricing.ts';
import { aSubmission } from '../src/contracts/stages.fixture.ts';
import { createJournal } from '../src/ledger/journal.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { writeActs } from '../src/storage/write-acts.ts';
import { endWithParent } from './child-process.ts';

const [url = '', mode = 'one', lanes = '64', seconds = '5'] = process.argv.slice(2);
const PATIENCE_MS = 700;

endWithParent();
const db = await openDatabase({ url, dataDir: '', poolSize: 3, statementTimeoutMs: 1_000 });
const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
const book = createLimitBook({ db, journal, models: [], requireKnown: async () => undefined });
await book.refresh();
const leases = createLeases(createSubjects(new Uint8Array(32)), {
  door: createDoor({ db, concurrency: 2 }),
  patienceMs: 1_000,
  onWarning: () => undefined,
});
const charges = {
  setAside: () => undefined,
  settle: () => undefined,
  settleAbandoned: async () => undefined,
  drain: async () => undefined,
};
const limits = createLimits({
  current: () => book.current().filter(({ id }) => id === mode),
  leases,
  charges,
  pricing: createPricing({}),
  standing: { isLimited: async () => false, digestsOf: () => [] },
  onRefused: () => undefined,
});

let [given, refused, broken, asked] = [0, 0, 0, 0];
const say = (last: boolean): void => void process.stdout.write(`${JSON.stringify({ given, refused, broken, last })}\n`);
setInterval(() => say(false), 20).unref();

const same = aSubmission();
function next() {
  asked += 1;
  if (mode !== 'cold') return same;
  return { ...same, caller: { ...same.caller, keyId: `key_${process.pid}_${asked}` as const } };
}

/** True when it was given. */
async function ask(): Promise<boolean> {
  try {
    await limits.admit(next());
    given += 1;
    return true;
  } catch (error) {
    const isRefused = error instanceof Error && 'code' in error && (error.code === 'RATE_LIMITED' || error.code === 'BUDGET_SPENT');
    if (isRefused) refused += 1;
    else broken += 1;
    return false;
  }
}

async function lane(until: number): Promise<void> {
  let lastGiven = performance.now();
  while (performance.now() < until) {
    if (await ask()) lastGiven = performance.now();
    else if (performance.now() - lastGiven > PATIENCE_MS) return;
    else await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One after the other, as the lease gives them. */
async function hot(until: number): Promise<void> {
  for (let i = 0; i % 1_000 !== 0 || performance.now() < until; i++) await ask();
}

const startedAt = performance.now();
const cpu = process.cpuUsage();
const until = startedAt + (mode === 'one' ? 600_000 : Number(seconds) * 1_000);
await Promise.all(Array.from({ length: Number(lanes) }, () => (mode === 'hot' ? hot(until) : lane(until))));
const elapsed = performance.now() - startedAt;
const used = process.cpuUsage(cpu);
await leases.stop();
await db.close();
process.stdout.write(
  `${JSON.stringify({ given, refused, broken, last: true, perSecond: given / (elapsed / 1000), cpuMicrosEach: (used.user + used.system) / Math.max(1, given) })}\n`,
  () => process.exit(),
);
