import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { CapabilityUse } from '../../contracts/capability.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { placesOf } from '../../contracts/region.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { generationRow } from '../../storage/generation-row.fixture.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { insertKill, settlePublications } from './kill-store.ts';
import { type KillScope, stops } from './kill-switch.ts';
import { openSwitchBoard, type SwitchBoard, type SwitchBoardParts } from './switch-board.ts';

const USE: CapabilityUse = { surface: 'app', model: 'studio', operation: 'edit', region: 'DE' };
const boards: SwitchBoard[] = [];
afterEach(async () => {
  for (const board of boards.splice(0)) await board.stop();
});

async function open(db: Queryable, more: Partial<SwitchBoardParts> = {}) {
  const errors: unknown[] = [];
  const board = await openSwitchBoard({
    db,
    instanceId: 'ins_1',
    loadGates: async () => undefined,
    onError: (e) => errors.push(e),
    ...more,
  });
  boards.push(board);
  return { board, errors };
}

const kill = (db: Queryable, id: `kill_${string}`, scope: KillScope = {}, until: Date | null = null) =>
  insertKill(db, { id, scope, reason: 'a drill', by: 'key_1', until });
const ID = 'kill_01k00000000000000000000000' as const;
const OTHER = 'kill_01k00000000000000000000001' as const;

describeEachDatabase('the switch board', (openDb, kind) => {
  async function migrated(): Promise<Database> {
    const db = await openDb();
    await migrate(db);
    return db;
  }

  it('hears of a switch that another process threw within a second, and of its lift', async () => {
    const db = await migrated();
    const { board } = await open(db, { pollMs: 50 });
    expect(await board.stoppedBy(USE)).toBeNull();
    await kill(db, ID, { operation: 'edit' });
    await expect.poll(() => board.stoppedBy(USE), { timeout: 1_000 }).toBe(ID);
    expect(await board.stoppedBy({ ...USE, operation: 'generate' })).toBeNull();
    await db.query({ text: "update kill_switches set lifted_by = 'key_2', lifted_at = clock_timestamp()" });
    await expect.poll(() => board.stoppedBy(USE), { timeout: 1_000 }).toBeNull();
  });

  it('tells whoever threw a switch that this process has seen it', async () => {
    const db = await migrated();
    await open(db, { pollMs: 50 });
    await kill(db, ID);
    const seen = async () => (await db.query({ text: 'select instance from kill_sightings' })).rows;
    await expect.poll(seen, { timeout: 1_000 }).toEqual([{ instance: 'ins_1' }]);
  });

  it('lets a switch end by itself', async () => {
    const db = await migrated();
    await kill(db, ID, {}, new Date(Date.now() + 300));
    const { board } = await open(db, { pollMs: 50 });
    expect(await board.stoppedBy(USE)).toBe(ID);
    await expect.poll(() => board.stoppedBy(USE), { timeout: 2_000 }).toBeNull();
  });

  it('agrees with what the commit itself is asked, for every scope and every user', async () => {
    const db = await migrated();
    const regions = [null, 'DE', 'DE-BY', 'EU', 'US', 'US-CA', 'US-NY'];
    const scopes: KillScope[] = [
      {},
      { surface: 'app' },
      { surface: 'web' },
      { model: 'studio', operation: 'edit' },
      { operation: 'generate' },
    ];
    for (const region of ['DE', 'DE-BY', 'EU', 'US', 'US-CA']) scopes.push({ region }, { surface: 'web', region });
    for (const scope of scopes) {
      await db.query({ text: 'delete from kill_switches' });
      await kill(db, ID, scope);
      for (const region of regions) {
        const use = { ...USE, region };
        const { surface = null, model = null, operation = null, region: where = null } = scope;
        const here = stops({ id: ID, surface, model, operation, region: where }, use);
        expect([scope, region, await isRefused(db, use)]).toEqual([scope, region, here]);
      }
    }
  });

  it.runIf(kind === 'postgres')('has not settled while a publication is under way that had not seen it', async () => {
    const db = await migrated();
    let commit: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let isAsked = false;
    const publishing = db.transaction(async (tx) => {
      expect(await isRefused(tx, USE)).toBe(false);
      isAsked = true;
      await told;
    });
    await expect.poll(() => isAsked).toBe(true);
    await kill(db, ID);
    let isSettled = false;
    const settling = settlePublications(db).then((settled) => {
      isSettled = settled;
    });
    await sleep(150);
    expect(isSettled).toBe(false);
    commit();
    await Promise.all([publishing, settling]);
    expect([isSettled, await isRefused(db, USE)]).toEqual([true, true]);
  });

  it('publishes nothing once it has settled, whoever began before', { timeout: 30_000 }, async () => {
    const db = await migrated();
    const generation = generationRow('gen_1', { model: 'studio' });
    await writeActs(db, [{ generation, entries: [Buffer.from('begin')] }]);
    const published = async () => (await db.query({ text: 'select id from artifacts where published_at is not null order by id' })).rows;
    for (let round = 0; round < 20; round++) {
      const publishers = Array.from({ length: 8 }, async (_, i) => {
        const id = `art_${round}_${i}`;
        await writeActs(db, [{ artifacts: [artifact(id)], entries: [Buffer.from('seal')] }]);
        await sleep(Math.random() * 6);
        await publish(db, id, USE).catch((error: unknown) => expect(error).toMatchObject({ code: 'CAPABILITY_STOPPED' }));
      });
      await sleep(Math.random() * 12);
      await kill(db, `kill_01k${String(round).padStart(23, '0')}`);
      expect(await settlePublications(db)).toBe(true);
      const before = await published();
      await Promise.all(publishers);
      expect(await published()).toEqual(before);
      await db.query({ text: "update kill_switches set lifted_by = 'key_1', lifted_at = clock_timestamp()" });
    }
    expect((await published()).length).toBeGreaterThan(0);
  });
});

describe('a database that fails', () => {
  /** Answers as it is told to. */
  function fickle() {
    const state = { isUp: true, reads: 0 };
    const db: Queryable = {
      async query<R>() {
        state.reads += 1;
        if (!state.isUp) throw new ImprimaturError('STORAGE_UNAVAILABLE');
        const rows: unknown[] = [{ gates: '0', switches: [] }];
        return { rows: rows as R[], rowCount: 1 };
      },
    };
    return { db, state };
  }

  it('closes everything once what was read is too old, and says that it cannot say', async () => {
    const { db, state } = fickle();
    const { board, errors } = await open(db, { pollMs: 20, maxAgeMs: 100 });
    state.isUp = false;
    expect(await board.stoppedBy(USE)).toBeNull();
    await sleep(150);
    await expect(board.stoppedBy(USE)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect([board.isCurrent(), errors.length]).toEqual([false, 1]);
  });

  it('stays closed for a second after it is back, in which those write down what they threw', async () => {
    const { db, state } = fickle();
    const { board } = await open(db, { pollMs: 20, maxAgeMs: 50 });
    state.isUp = false;
    await sleep(100);
    state.isUp = true;
    await sleep(60);
    await expect(board.stoppedBy(USE)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expect.poll(() => board.stoppedBy(USE).catch(() => 'closed'), { timeout: 2_000 }).toBeNull();
  });

  it('reads on the spot after a pause of the process, and does not close for it', async () => {
    const { db, state } = fickle();
    const { board } = await open(db, { pollMs: 60_000, maxAgeMs: 10 });
    await sleep(30);
    const before = state.reads;
    expect(await board.stoppedBy(USE)).toBeNull();
    expect(state.reads).toBe(before + 1);
  });

  it('obeys at once what was thrown in this very process, and cannot be written down', async () => {
    const { db } = fickle();
    const { board } = await open(db);
    const release = board.latch({ id: OTHER, surface: null, model: 'studio', operation: null, region: null });
    expect(await board.stoppedBy(USE)).toBe(OTHER);
    release();
    expect(await board.stoppedBy(USE)).toBeNull();
  });
});

function artifact(id: string) {
  const at = '2026-11-21T12:00:00.000Z';
  return { id, generation_id: 'gen_1', position: 0, kind: 'final' as const, raw_sha256: 'r', raw_blob: 'b', created_at: at };
}

function publish(db: Queryable, id: string, use: CapabilityUse): Promise<void> {
  const row = {
    id,
    use,
    published_sha256: 's',
    published_blob: 'p',
    published_format: 'png',
    published_at: new Date().toISOString(),
    ledger_leaf: 'l',
  };
  return writeActs(db, [{ artifactUpdates: [row], entries: [Buffer.from('publish')] }]);
}

/** What the statement that publishes asks. */
async function isRefused(db: Queryable, { region, ...use }: CapabilityUse): Promise<boolean> {
  const leaving = JSON.stringify([{ ...use, region, places: region === null ? [] : placesOf(region) }]);
  const { rows } = await db.query<{ stopped: boolean }>({ text: 'select imprimatur_is_stopped($1::jsonb) as stopped', values: [leaving] });
  return rows[0]?.stopped === true;
}
