import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { CapabilityUse } from '../../contracts/capability.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { KillId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import { type StandingSwitch, standingSwitch, stops } from './kill-switch.ts';

export interface SwitchBoardParts {
  /** With PostgreSQL a connection of its own, which waits behind nobody. */
  readonly db: Queryable;
  readonly instanceId: string;
  /** Reads the gates anew; called when they changed. */
  readonly loadGates: (db: Queryable) => Promise<void>;
  /** Told once for each time that reading begins to fail. */
  readonly onError: (error: unknown) => void;
  readonly pollMs?: number;
  /** A state read longer ago than this is not believed. */
  readonly maxAgeMs?: number;
}

/**
 * What this process knows of kill switches, read every `pollMs`. Who asks gets an answer that is at most `maxAgeMs` old, read on the spot where
 * need be, or the error that nobody can say: closed in doubt.
 */
export interface SwitchBoard {
  /** The switch that stops this use, null when none does. @throws ImprimaturError STORAGE_UNAVAILABLE when the state cannot be read */
  stoppedBy(use: CapabilityUse): Promise<KillId | null>;
  /** In force in this process at once, whether or not the database can be reached; until the returned function is called. */
  latch(one: StandingSwitch): () => void;
  /** Reads now. @throws as the database does */
  refresh(): Promise<void>;
  /** Whether an answer can be had without asking the database. */
  isCurrent(): boolean;
  stop(): Promise<void>;
}

const READ = `select
  (select version from registry_versions where name = 'gates') as gates,
  coalesce((select jsonb_agg(jsonb_build_object('id', id, 'surface', surface, 'model', model, 'operation', operation, 'region', region))
    from kill_switches where lifted_at is null and (until is null or until > clock_timestamp())), '[]'::jsonb) as switches`;
const reading = z.object({ gates: z.coerce.number(), switches: z.array(standingSwitch) });

/** How long a caller waits for a read on the spot. */
const PATIENCE_MS = 500;
/** After an outage: whoever threw a switch meanwhile, and could only remember it, writes it down within this time. */
const RECOVERY_MS = 1_000;

interface Known {
  readonly switches: readonly StandingSwitch[];
  readonly readAt: number;
}

/** Starts reading. @throws as the database does when the first read fails */
export async function openSwitchBoard(parts: SwitchBoardParts): Promise<SwitchBoard> {
  const { db, pollMs = 200, maxAgeMs = 1_000, onError } = parts;
  const latched = new Set<StandingSwitch>();
  let known: Known = { switches: [], readAt: Number.NEGATIVE_INFINITY };
  let gatesVersion = -1;
  let seen = new Set<string>();
  let isFailing = false;
  let closedUntil = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | null = null;
  let isStopped = false;
  const isFresh = () => performance.now() - known.readAt <= maxAgeMs;

  async function read(): Promise<void> {
    const startedAt = performance.now();
    const { rows } = await db.query({ name: 'switch-board', text: READ });
    const { gates, switches } = reading.parse(rows[0]);
    if (gates !== gatesVersion) await parts.loadGates(db);
    gatesVersion = gates;
    if (isFailing && !isFresh()) closedUntil = performance.now() + RECOVERY_MS;
    isFailing = false;
    known = { switches, readAt: startedAt };
    await tellSightings(switches);
  }

  async function tellSightings(switches: readonly StandingSwitch[]): Promise<void> {
    const fresh = switches.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
    if (fresh.length > 0) {
      const text = `insert into kill_sightings (kill_id, instance) select id, $2 from unnest($1::text[]) as id on conflict do nothing`;
      await db.query({ text, values: [fresh, parts.instanceId] }).catch(onError);
    }
    seen = new Set(switches.map(({ id }) => id));
  }

  function refresh(): Promise<void> {
    underWay ??= read()
      .catch((error: unknown) => {
        if (!isFailing) onError(error);
        isFailing = true;
        throw error;
      })
      .finally(() => {
        underWay = null;
      });
    return underWay;
  }

  async function requireCurrent(): Promise<void> {
    if (!isFresh()) await Promise.race([refresh(), sleep(PATIENCE_MS)]).catch(() => undefined);
    if (!isFresh()) throw unreadable('cannot be read');
    if (performance.now() < closedUntil) throw unreadable('could not be read until a moment ago');
  }

  await refresh();
  let timer = setTimeout(poll, pollMs).unref();
  async function poll(): Promise<void> {
    await refresh().catch(() => undefined);
    if (!isStopped) timer = setTimeout(poll, pollMs).unref();
  }

  return {
    async stoppedBy(use) {
      for (const one of latched) if (stops(one, use)) return one.id;
      if (!isFresh() || performance.now() < closedUntil) await requireCurrent();
      return known.switches.find((one) => stops(one, use))?.id ?? null;
    },
    latch(one) {
      latched.add(one);
      return () => void latched.delete(one);
    },
    async refresh() {
      // A read that began before may have missed what the caller has just written.
      await underWay?.catch(() => undefined);
      await refresh();
    },
    isCurrent: () => isFresh() && performance.now() >= closedUntil,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await underWay?.catch(() => undefined);
    },
  };
}

function unreadable(why: string): ImprimaturError {
  return new ImprimaturError('STORAGE_UNAVAILABLE', { detail: `the state of the kill switches ${why}, so everything counts as stopped` });
}
