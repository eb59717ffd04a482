import type { Outcome } from '../../contracts/stages.ts';
import type { Submission } from '../../contracts/submission.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { type CanaryCounts, type Departure, weighCanary } from './canary.ts';
import type { Gate } from './gate.ts';
import type { GateBook } from './gate-book.ts';
import { beginGateChange, keepEvidence, lockGate, writeGate } from './gate-store.ts';
import { narrowed } from './narrowed.ts';

export interface CanaryWatchParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly gates: Pick<GateBook, 'before'>;
  readonly onRollBack: (capability: string, departure: Departure) => void;
  readonly onError: (error: unknown) => void;
  readonly everyMs?: number;
}

/** Counts what becomes of requests that passed a gate with a canary, and closes the gate when a share leaves its band. */
export interface CanaryWatch {
  ended(submission: Submission, outcome: Outcome): void;
  /** Somebody reported what was made from this submission. */
  reported(submission: Submission): void;
  /** Writes down what was counted, now. A process that is killed loses the counts of one second. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

interface Pending {
  readonly version: number;
  readonly counts: { -readonly [Name in keyof CanaryCounts]: number };
}

export function createCanaryWatch(parts: CanaryWatchParts): CanaryWatch {
  const { gates, onError, everyMs = 1_000 } = parts;
  const pending = new Map<string, Pending>();

  function add(submission: Submission, what: Partial<CanaryCounts>): void {
    for (const gate of gates.before(submission)) {
      if (gate.rule.canary === undefined) continue;
      addTo(pendingOf(pending, gate).counts, what);
    }
  }

  async function flush(): Promise<void> {
    const counted = [...pending];
    pending.clear();
    const failures: unknown[] = [];
    for (const [capability, one] of counted) {
      await weigh(capability, one, parts).catch((error: unknown) => {
        failures.push(error);
        putBack(pending, capability, one);
      });
    }
    if (failures.length > 0) throw failures[0];
  }

  const timer = setInterval(() => void flush().catch(onError), everyMs).unref();
  return {
    ended(submission, outcome) {
      if (outcome.kind === 'failed') return;
      add(submission, { requests: 1, refused: Number(outcome.kind === 'refused'), held: Number(outcome.kind === 'held') });
    },
    reported: (submission) => add(submission, { reported: 1 }),
    flush,
    async stop() {
      clearInterval(timer);
      await flush().catch(onError);
    },
  };
}

function pendingOf(pending: Map<string, Pending>, { capability, version }: Gate): Pending {
  const found = pending.get(capability.name);
  if (found?.version === version) return found;
  const fresh = { version, counts: { requests: 0, refused: 0, held: 0, reported: 0 } };
  pending.set(capability.name, fresh);
  return fresh;
}

/** What could not be written down is counted with what came since, under the same version; when it was written after all, twice: closed in doubt. */
function putBack(pending: Map<string, Pending>, capability: string, one: Pending): void {
  const since = pending.get(capability);
  if (since === undefined) pending.set(capability, one);
  else if (since.version === one.version) addTo(since.counts, one.counts);
}

function addTo(sum: Pending['counts'], more: Partial<CanaryCounts>): void {
  sum.requests += more.requests ?? 0;
  sum.refused += more.refused ?? 0;
  sum.held += more.held ?? 0;
  sum.reported += more.reported ?? 0;
}

/** What was counted under an earlier version says nothing about this one. */
async function weigh(capability: string, { version, counts }: Pending, { db, journal, onRollBack }: CanaryWatchParts): Promise<void> {
  const departure = await db.transaction(async (tx) => {
    const found = await lockGate(tx, capability);
    const canary = found?.rule.canary;
    if (found === null || canary === undefined || found.version !== version) return null;
    const rolledBack = narrowed(found.rule, canary.roll_back_to);
    if (rolledBack === null) return null;
    const { evidence, left } = weighCanary(canary, found.evidence, counts);
    if (left === null) {
      await keepEvidence(tx, capability, evidence);
      return null;
    }
    const reason = `${left.rate} ${left.side} its band`;
    await beginGateChange(tx);
    const gate = await writeGate(tx, { capability: found.capability, rule: rolledBack, reason, by: 'canary' });
    const about = { capability, version: gate.version, from: found.rule.state, state: gate.rule.state, by: 'canary', reason };
    await journal.recordIn(tx, {}, [{ kind: 'gate.rolled_back', ...about }]);
    return left;
  });
  if (departure !== null) onRollBack(capability, departure);
}
