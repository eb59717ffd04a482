import { hkdfSync } from 'node:crypto';
import { Behavior } from '../behavior/behavior.ts';
import { createDecidedWords } from '../behavior/campaign-store.ts';
import { findCampaigns } from '../behavior/find-campaigns.ts';
import { createMarkNews, saveMarks, sweepMarks } from '../behavior/mark-store.ts';
import { publishedHashes } from '../behavior/published-hashes.ts';
import { createSuspectStore } from '../behavior/suspect-store.ts';
import { type BehaviorWatch, watchBehavior } from '../behavior/watch-behavior.ts';
import { startTurns } from '../jobs/start-turns.ts';
import type { Journal } from '../ledger/journal.ts';
import { readPrompt } from '../prompts/reading/read-prompt.ts';
import { createUserDigest } from '../review/case-digests.ts';
import { openCase } from '../review/open-case.ts';
import type { Queues } from '../review/queues.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

interface BehaviorGround {
  readonly db: Database;
  readonly journal: Journal;
  /** The key of prompt commitments; hashes of accounts and words get a seed of their own from it. */
  readonly promptKey: Uint8Array;
  readonly queues?: Queues;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** Processes know of each other's suspects after so long. */
const EXCHANGE_MS = 2_000;
const CAMPAIGNS_MS = 5_000;
const SWEEP_MS = 3_600_000;
/** A turn looks back further than the last one, so that what another process told in between is seen. */
const LOOK_BACK_MS = 60_000;

/** Tells both. */
export function inTurn<Args extends readonly unknown[]>(
  one: (...args: Args) => void,
  other: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    one(...args);
    other(...args);
  };
}

/** What accounts do, remembered across restarts and shared by all processes on one database; what several do together becomes a case. */
export async function openBehavior(ground: BehaviorGround): Promise<BehaviorWatch> {
  const { db, promptKey, telemetry, closers } = ground;
  const seed = Buffer.from(hkdfSync('sha256', promptKey, '', 'behavior', 4)).readInt32LE();
  const store = createSuspectStore(db);
  const behavior = new Behavior({ seed });
  const watch = watchBehavior({
    behavior,
    wordsOf: (prompt) =>
      readPrompt(prompt).parts.flatMap(({ role, canonical }) => (role === 'positive' ? canonical.words.map(({ text }) => text) : [])),
    userDigest: createUserDigest(promptKey),
    store,
    saveMarks: (marks) => saveMarks(db, marks),
    markNews: createMarkNews(db),
    decidedWords: createDecidedWords(db),
    hashesOf: (artifacts) => publishedHashes(db, artifacts),
  });
  await watch.exchange();
  const onError = (error: unknown) => telemetry.stageFailed(error, 'behavior');
  const exchanging = startTurns(watch.exchange, { everyMs: EXCHANGE_MS, onError });
  const sweep = async () => {
    await store.sweep();
    await sweepMarks(db);
  };
  closers.add(async () => {
    await exchanging();
    await watch.exchange().catch(onError);
  });
  closers.add(startTurns(sweep, { everyMs: SWEEP_MS, onError }));
  closers.add(startTurns(() => findLately(behavior, ground), { everyMs: CAMPAIGNS_MS, onError }));
  return watch;
}

async function findLately(behavior: Behavior, { db, journal, queues }: BehaviorGround): Promise<void> {
  const since = new Date(Date.now() - CAMPAIGNS_MS - LOOK_BACK_MS);
  await findCampaigns(since, {
    db,
    behavior,
    openCase: (tx, { id, kind, categories, requests }) =>
      openCase(
        tx,
        { about: { kind: 'campaign', ids: { campaign: id, how: kind } }, categories },
        { kind: 'campaign.found', campaign: id, how: kind, requests },
        { journal, ...(queues === undefined ? {} : { queues }) },
      ),
  });
}
