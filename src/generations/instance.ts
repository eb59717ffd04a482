import { newId } from '../contracts/ids.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database } from '../storage/database.ts';

export interface Instance {
  readonly id: string;
  stop(): Promise<void>;
}

export interface InstanceParts {
  readonly db: Database;
  readonly journal: Journal;
  /** Generations that this process is working on now. */
  readonly isRunningHere: (generationId: string) => boolean;
  readonly onError: (error: unknown) => void;
  readonly heartbeatMs?: number;
}

/** Silence after which another process is taken for dead: six heartbeats. */
const DEAD_AFTER = '30 seconds';

/** Names this process, before anything is built that needs the name. */
export function newInstanceId(): string {
  return newId('ins');
}

/**
 * Says that this process lives, and ends what dead ones left running: such a generation becomes `interrupted` (in the
 * ledger, too), because nobody can know whether its model was reached. With the embedded database there can be no other
 * living process, so everything that is not ours was left by the dead.
 */
export async function startInstance(id: string, parts: InstanceParts): Promise<Instance> {
  const { db, onError, heartbeatMs = 5000 } = parts;
  await beat(id, db);
  await interruptAbandoned(id, parts);
  const timer = setInterval(() => {
    beat(id, db)
      .then(() => interruptAbandoned(id, parts))
      .catch(onError);
  }, heartbeatMs);
  timer.unref();
  return {
    id,
    async stop() {
      clearInterval(timer);
      await db.query({ text: 'delete from instances where id = $1', values: [id] }).catch(onError);
    },
  };
}

async function beat(id: string, db: Database): Promise<void> {
  await db.query({
    text: 'insert into instances (id) values ($1) on conflict (id) do update set heartbeat_at = clock_timestamp()',
    values: [id],
  });
}

async function interruptAbandoned(id: string, { db, journal, isRunningHere }: InstanceParts): Promise<void> {
  const othersLive =
    db.kind === 'postgres' ? `select id from instances where heartbeat_at > clock_timestamp() - interval '${DEAD_AFTER}'` : 'select $1';
  const { rows } = await db.query<{ id: string }>({
    text: `select id from generations where state = 'running' and created_at < clock_timestamp() - interval '2 seconds'
             and (owner = $1 or owner not in (${othersLive}))`,
    values: [id],
  });
  for (const { id: generation } of rows) {
    if (isRunningHere(generation)) continue;
    await journal.record(
      {
        generationUpdate: {
          id: generation,
          from: ['running'],
          state: 'interrupted',
          answer: { kind: 'failed', code: 'GENERATION_LOST' },
          intent_released: false,
        },
      },
      [{ kind: 'generation.interrupted', generation }],
    );
  }
}
