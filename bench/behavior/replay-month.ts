import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Behavior } from '../../src/behavior/behavior.ts';
import { createSuspectStore, type SuspectStore } from '../../src/behavior/suspect-store.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { note } from '../results.ts';
import { rounded } from '../statistics.ts';
import { FoundCampaigns } from './found-campaigns.ts';
import { type createMonth, type MonthRequest, STRATEGIES } from './month.ts';

const FLAG = 0.8;
/** So many requests are drawn before they are replayed, so that only the replay is timed, and seldom. */
const BATCH = 10_000;
/** After so many batches what is known goes to the database and comes back, as it does every two seconds in a gateway. */
const EXCHANGE_EVERY = 5;

type Month = ReturnType<typeof createMonth>;

/** Puts a month through `Behavior` and its store, and compares what it says with what the month knows. */
export async function replayMonth(month: Month) {
  const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const db = await openDatabase({ dataDir: join(home, 'database') });
  try {
    await migrate(db);
    return await replayInto(month, createSuspectStore(db));
  } finally {
    await db.close();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function replayInto(month: Month, store: SuspectStore) {
  // What is older than two weeks is not read again, so the month begins today.
  const beginsAtMs = Date.now();
  const behavior = new Behavior({ seed: 7 });
  /** Requests of a suspect (device where there is one, else account) until it was flagged. */
  const flaggedAt = new Map<string, number>();
  const requestsOf = new Map<string, number>();
  const strategyOf = new Map<string, string>();
  const ordinary = new Set<string>();
  const ordinaryFlagged = new Set<string>();
  let done = 0;
  let cpuMicros = 0;

  function count({ attempt, strategy }: MonthRequest, isFlagged: boolean): void {
    if (strategy === null) {
      ordinary.add(attempt.account);
      if (isFlagged) ordinaryFlagged.add(attempt.account);
      return;
    }
    const who = attempt.device ?? attempt.account;
    strategyOf.set(who, strategy);
    const nth = (requestsOf.get(who) ?? 0) + 1;
    requestsOf.set(who, nth);
    if (isFlagged && !flaggedAt.has(who)) flaggedAt.set(who, nth);
  }

  const campaigns = new FoundCampaigns(behavior, () => month.campaignOf((account) => behavior.numberOf(account)));
  let turn = 0;
  let lookedAtMs = 0;
  for (const batch of batches(month.requests())) {
    if (++turn % EXCHANGE_EVERY === 0) {
      for (const row of await store.news()) behavior.suspects.merge(row);
      await store.save(behavior.suspects.takeChanged());
      campaigns.look(lookedAtMs);
      lookedAtMs = beginsAtMs + (batch[0]?.attempt.atMs ?? 0);
    }
    const flags: boolean[] = [];
    const before = process.cpuUsage();
    for (const { attempt, isRefused } of batch) {
      const ticket = behavior.observe({ ...attempt, atMs: beginsAtMs + attempt.atMs });
      behavior.conclude(ticket, isRefused ? 'refused' : 'published');
      const { probing, campaign, burst } = ticket.scores;
      flags.push(Math.max(probing, campaign, burst) >= FLAG);
    }
    const { user, system } = process.cpuUsage(before);
    cpuMicros += user + system;
    for (const [i, request] of batch.entries()) count(request, flags[i] === true);
    done += batch.length;
    if (done % 1_000_000 === 0) note(`${done / 1e6} M requests`);
  }

  /** Suspects who had the chance: ten requests or more. */
  const tried = [...requestsOf].filter(([who, requests]) => requests >= 10 && strategyOf.get(who) !== 'mass').map(([who]) => who);
  const mass = [...requestsOf.keys()].filter((who) => strategyOf.get(who) === 'mass');
  const within = (who: string) => (flaggedAt.get(who) ?? Number.POSITIVE_INFINITY) <= 10;
  const share = (some: readonly string[], is: (who: string) => boolean) => rounded(some.filter(is).length / Math.max(1, some.length));
  const byStrategy = Object.fromEntries(
    STRATEGIES.filter((strategy) => strategy !== 'mass').map((strategy) => {
      const own = tried.filter((who) => strategyOf.get(who) === strategy);
      return [strategy, { accounts: own.length, flaggedWithinTen: share(own, within) }];
    }),
  );
  return {
    requests: done,
    ordinaryAccounts: ordinary.size,
    probingAccounts: tried.length,
    flaggedWithinTen: share(tried, within),
    byStrategy,
    // Whoever makes very many pictures is told by number, not by words: half way to 1 at 30 a minute, 0.8 at 120.
    mass: { accounts: mass.length, flagged: share(mass, (who) => flaggedAt.has(who)) },
    ordinaryFlagged: rounded(ordinaryFlagged.size / Math.max(1, ordinary.size)),
    campaigns: campaigns.result(month.campaigns),
    cpuMicrosPerRequest: rounded(cpuMicros / done),
    stateMegabytes: rounded(behavior.bytes / 1e6),
  };
}

function* batches(requests: Iterable<MonthRequest>): Generator<readonly MonthRequest[]> {
  let batch: MonthRequest[] = [];
  for (const request of requests) {
    batch.push(request);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
