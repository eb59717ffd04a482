import { setTimeout as sleep } from 'node:timers/promises';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type KillId, newId, type StaffId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { samePersonAs } from '../same-person.ts';
import { findKill, insertKill, type KillSwitch, listKills, markLift, type NewKill, settlePublications, sightingsOf } from './kill-store.ts';
import type { KillScope } from './kill-switch.ts';
import type { SwitchBoard } from './switch-board.ts';

export interface KillControlParts {
  readonly db: Database;
  /** A connection that waits behind nobody; with the embedded engine the same. */
  readonly urgent: Database;
  readonly journal: Journal;
  readonly board: SwitchBoard;
  /** How many people it takes to lift: policy says, and another policy may come into force. */
  readonly liftedBy: () => 'one' | 'two';
  readonly onError: (error: unknown) => void;
}

/** What became of a switch that was thrown. */
export interface Thrown {
  readonly id: KillId;
  /**
   * False: this process could not write it down. It is in force here, and written down as soon as can be; a process that cannot reach the database either
   * is closed, and one that can goes on until it hears of it.
   */
  readonly recorded: boolean;
  /** True: nothing that began to be published before can leave any more. */
  readonly settled: boolean;
  /** Processes that live, and that have seen it. Null: nobody can say, since the database did not. */
  readonly processes: number | null;
  readonly seen: number | null;
}

export interface KillControl {
  /** How many people it takes to lift. */
  readonly liftedBy: 'one' | 'two';
  list(): Promise<readonly KillSwitch[]>;
  throwKill(wish: {
    readonly scope: KillScope;
    readonly reason: string;
    readonly until: Date | null;
    readonly by: StaffId;
  }): Promise<Thrown>;
  /** The first of two people only asks. @throws ImprimaturError NOT_FOUND, KILL_NOT_ON, SECOND_PERSON_NEEDED when the second is the first */
  lift(id: KillId, wish: { readonly by: StaffId; readonly reason: string | null }): Promise<KillSwitch>;
  stop(): Promise<void>;
}

const RETRY_MS = 100;
/** Whoever threw it hears within this time that it is in force here, though it does not stand in the database yet. */
const RECORD_PATIENCE_MS = 1_000;
/** How long the answer waits for the other processes; they look every 200 ms. */
const SIGHT_LIMIT_MS = 1_000;

export function createKillControl(parts: KillControlParts): KillControl {
  const { db, urgent, journal, board, liftedBy, onError } = parts;
  let isStopped = false;

  async function record(kill: NewKill): Promise<void> {
    const { id, scope, reason, by, until } = kill;
    await urgent.transaction(async (tx) => {
      const isNew = await insertKill(tx, kill);
      const about = { kill: id, scope, reason, by: `operator:${by}`, ...(until === null ? {} : { until: until.toISOString() }) };
      if (isNew) await journal.recordIn(tx, {}, [{ kind: 'kill.thrown', ...about }]);
    });
    await board.refresh();
  }

  /** Until it stands: the database may be away for long. */
  async function recordAgain(kill: NewKill): Promise<void> {
    while (!isStopped) {
      await sleep(RETRY_MS, undefined, { ref: false });
      const isDone = await record(kill).then(
        () => true,
        () => false,
      );
      if (isDone) return;
    }
  }

  return {
    get liftedBy() {
      return liftedBy();
    },
    list: () => listKills(db),
    async throwKill({ scope, reason, until, by }) {
      const id = newId('kill');
      const kill: NewKill = { id, scope, reason, until, by };
      const { surface = null, model = null, operation = null, region = null } = scope;
      const release = board.latch({ id, surface, model, operation, region });
      const recording = record(kill).catch((error: unknown) => {
        onError(error);
        return recordAgain(kill);
      });
      void recording.then(release);
      const recorded = await Promise.race([recording.then(() => true), sleep(RECORD_PATIENCE_MS, false)]);
      if (!recorded) return { id, recorded, settled: false, processes: null, seen: null };
      const settled = await settlePublications(db);
      return { id, recorded: true, settled, ...(await seenByAll(db, id)) };
    },
    async lift(id, { by, reason }) {
      const lifted = await db.transaction(async (tx) => {
        const found = requireLiftable(await findKill(tx, id, 'lock'));
        const needsTwo = liftedBy() === 'two';
        const isFirst = needsTwo && found.liftAskedBy === null;
        if (needsTwo && !isFirst) await requireSecondPerson(tx, found, by);
        await markLift(tx, id, { by, reason, isFirst });
        const entry = { kind: isFirst ? 'kill.lift_asked' : 'kill.lifted', kill: id, by: `operator:${by}` };
        await journal.recordIn(tx, {}, [{ ...entry, ...(reason === null ? {} : { reason }) }]);
        return findKill(tx, id);
      });
      if (lifted === null) throw new ImprimaturError('NOT_FOUND');
      await board.refresh().catch(onError);
      return lifted;
    },
    async stop() {
      isStopped = true;
    },
  };
}

function requireLiftable(found: KillSwitch | null): KillSwitch {
  if (found === null) throw new ImprimaturError('NOT_FOUND');
  if (found.state === 'lifted' || found.state === 'expired') throw new ImprimaturError('KILL_NOT_ON');
  return found;
}

/** A person's session and the key that they made there are one person. @throws ImprimaturError SECOND_PERSON_NEEDED */
async function requireSecondPerson(tx: Queryable, { liftAskedBy }: KillSwitch, by: StaffId): Promise<void> {
  const one = await samePersonAs(tx, by);
  if (liftAskedBy !== null && one.includes(liftAskedBy))
    throw new ImprimaturError('SECOND_PERSON_NEEDED', { hint: 'A second person has to lift it.' });
}

/** Whoever threw it wants to know that it holds everywhere. A process that died has not seen it, and stops nothing from being true. */
async function seenByAll(db: Database, id: KillId): Promise<Pick<Thrown, 'processes' | 'seen'>> {
  const giveUpAt = performance.now() + SIGHT_LIMIT_MS;
  try {
    for (;;) {
      const found = await sightingsOf(db, id);
      if (found.seen >= found.processes || performance.now() > giveUpAt) return found;
      await sleep(20);
    }
  } catch {
    return { processes: null, seen: null };
  }
}
