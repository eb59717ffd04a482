import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { aSubmission } from '../../contracts/stages.fixture.ts';
import { createJournal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { openSwitchBoard } from '../kill/switch-board.ts';
import { createRequireKnown } from '../known-names.ts';
import { putSurface } from '../surfaces/surface-store.ts';
import { createCanaryWatch } from './canary-watch.ts';
import { canarySchema, gateRuleSchema } from './gate.ts';
import { createGateBook, type GateWish } from './gate-book.ts';

const refused = {
  kind: 'refused' as const,
  refusal: { decisionId: 'dec_1' as const, stage: 'prompt' as const, categories: [], policy: 'p', by: 'policy' as const },
};

const held = { kind: 'held' as const, caseId: 'case_1' as const, refusal: refused.refusal, rendering: null };
const published = {
  kind: 'published' as const,
  createdAt: '',
  decisionId: 'dec_1' as const,
  policy: 'p',
  artifacts: [],
  usage: null,
  details: {},
  notes: [],
};
const NOBODY = { id: 'u1', tier: 'anonymous' as const, verified: false, age: null, locale: null };

describeEachDatabase('the book of gates', (open) => {
  async function book() {
    const db = await open();
    await migrate(db);
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const requireKnown = createRequireKnown({ db, surfaces: ['api', 'app'], applications: ['default'] });
    const gates = createGateBook({ db, journal, models: ['studio', 'other'], requireKnown, key: new Uint8Array(32).fill(1) });
    const set = (wish: Partial<GateWish> = {}) =>
      gates.set({ capability: 'studio:edit', rule: { state: 'off' }, reason: null, by: 'key_1', ...wish });
    const entries = async () => {
      const { rows } = await db.query<{ text: string }>({
        text: "select convert_from(entry, 'utf8') as text from ledger_outbox order by id",
      });
      return rows.map(({ text }) => JSON.parse(text));
    };
    return { db, journal, gates, set, entries };
  }

  it('says who set what and why, in the ledger', async () => {
    const { set, entries } = await book();
    await set({ rule: { state: 'percent', percent: 5 }, reason: 'first users' });
    expect(await entries()).toMatchObject([
      {
        kind: 'gate.changed',
        capability: 'studio:edit',
        version: 1,
        state: 'percent',
        percent: 5,
        by: 'operator:key_1',
        reason: 'first users',
      },
    ]);
  });

  it('refuses a gate of a model that nobody configured, and one that cannot be read', async () => {
    const { set, gates } = await book();
    await expect(set({ capability: 'stduio:edit' })).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
    await expect(set({ capability: 'studio:paint' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await gates.list()).toEqual([]);
  });

  it('lets one of two operators win who change the same version at once, and tells the other', async () => {
    const { set, gates, entries } = await book();
    for (const version of [0, 1, 2]) {
      const results = await Promise.allSettled([
        set({ version, rule: { state: 'on' }, by: 'key_1' }),
        set({ version, rule: { state: 'off' }, by: 'key_2' }),
        set({ version, rule: { state: 'off' }, by: 'key_3' }),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(reasons).toMatchObject([{ code: 'GATE_CHANGED' }, { code: 'GATE_CHANGED' }]);
    }
    expect((await gates.list()).map(({ version }) => version)).toEqual([3]);
    expect(await entries()).toHaveLength(3);
  });

  it('keeps no name of a user, and still knows them', async () => {
    const { db, set, gates } = await book();
    await set({ rule: { state: 'allowlist', allow: ['user:anna@example.org'] } });
    const { rows } = await db.query({ text: 'select rule::text as rule from gates' });
    expect(JSON.stringify(rows)).not.toContain('anna');
    await gates.load(db);
    const asks = (user: string) =>
      gates.shutFor(aSubmission({ request: { operation: 'edit' }, conversation: { conversations: [], endUsers: [user] } }));
    expect([asks('anna@example.org'), asks('ben@example.org')?.capability.name]).toEqual([null, 'studio:edit']);
  });

  it('refuses overrides for a surface or a region that there is not: they would close nothing', async () => {
    const { db, set, gates } = await book();
    const closing = (where: object) => set({ rule: { state: 'on', overrides: [{ ...where, state: 'off' }] } });
    await expect(closing({ surface: 'aap' })).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'overrides.0.surface' });
    await expect(closing({ region: 'ZZ' })).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'overrides.0.region' });
    await expect(closing({ region: 'UK' })).rejects.toMatchObject({ hint: 'Say GB.' });
    expect(await gates.list()).toEqual([]);
    await putSurface(db, { id: 'kiosk', name: 'Kiosk', by: 'key_1' });
    for (const where of [{ surface: 'app' }, { surface: 'kiosk' }, { region: 'GB' }, { region: 'US-CA' }, { region: 'EU' }])
      await closing(where);
  });

  it('keeps its canary when it is only turned, and lets go of it when told', async () => {
    const { set } = await book();
    const canary = canarySchema.parse({ refused: { high: 0.05 } });
    await set({ rule: { state: 'on', canary } });
    expect((await set({ rule: { state: 'percent', percent: 5 } })).rule).toMatchObject({ canary });
    expect((await set({ rule: { state: 'on', canary: null } })).rule).toEqual({ state: 'on' });
  });

  it('is in force in another process within a second', async () => {
    const { db, journal, gates, set } = await book();
    const there = createGateBook({ db, journal, models: ['studio'], requireKnown: async () => undefined, key: new Uint8Array(32).fill(1) });
    const board = await openSwitchBoard({
      db,
      instanceId: 'ins_2',
      loadGates: there.load,
      onError: (error) => expect(error).toBeUndefined(),
    });
    const submission = aSubmission({ request: { operation: 'edit' } });
    const isShutWithin = async (isShut: boolean) => {
      const since = performance.now();
      await expect.poll(() => there.shutFor(submission) !== null, { interval: 10, timeout: 2_000 }).toBe(isShut);
      return performance.now() - since;
    };
    await set({ rule: { state: 'off' } });
    expect(await isShutWithin(true)).toBeLessThan(1_000);
    await set({ rule: { state: 'on' } });
    expect(await isShutWithin(false)).toBeLessThan(1_000);
    expect(gates.shutFor(submission)).toBeNull();
    await board.stop();
  });

  /** A gate with a canary, and processes that count what passes it. */
  async function watched(rule: unknown) {
    const parts = await book();
    await parts.set({ rule: gateRuleSchema.parse(rule) });
    await parts.gates.load(parts.db);
    const state = { isUp: true };
    const db: Database = {
      ...parts.db,
      transaction: (work) => (state.isUp ? parts.db.transaction(work) : Promise.reject(new ImprimaturError('STORAGE_UNAVAILABLE'))),
    };
    const rolledBack: string[] = [];
    const onRollBack = (capability: string) => rolledBack.push(capability);
    const watch = () => createCanaryWatch({ ...parts, db, onRollBack, onError: () => undefined, everyMs: 60_000 });
    const submission = aSubmission({ request: { operation: 'edit' } });
    return { ...parts, state, watch, submission, rolledBack };
  }

  it('closes a gate by itself when too many of its requests are refused, once, and says so in the ledger', async () => {
    const canary = { refused: { low: 0, high: 0.05 }, roll_back_to: 'off' };
    const { gates, entries, watch, submission, rolledBack } = await watched({ state: 'on', canary });
    const [here, there] = [watch(), watch()];
    for (let i = 0; i < 100; i++) (i % 2 === 0 ? here : there).ended(submission, refused);
    await Promise.all([here.flush(), there.flush()]);
    expect(rolledBack).toEqual(['studio:edit']);
    expect((await gates.list())[0]).toMatchObject({
      rule: { state: 'off' },
      version: 2,
      changedBy: 'canary',
      reason: 'refused above its band',
    });
    expect((await entries()).at(-1)).toMatchObject({ kind: 'gate.rolled_back', from: 'on', state: 'off', by: 'canary' });
    await Promise.all([here.stop(), there.stop()]);
  });

  it.each(['held', 'reported'] as const)('closes a gate by itself when too many are %s', async (what) => {
    const { gates, watch, submission, rolledBack } = await watched({ state: 'on', canary: { [what]: { high: 0.02 } } });
    const one = watch();
    for (let i = 0; i < 200; i++) {
      one.ended(submission, what === 'held' && i % 2 === 0 ? held : published);
      if (what === 'reported' && i % 2 === 0) one.reported(submission);
    }
    await one.flush();
    expect(rolledBack).toEqual(['studio:edit']);
    expect((await gates.list())[0]).toMatchObject({ rule: { state: 'off' }, reason: `${what} above its band` });
    await one.stop();
  });

  it('closes a gate that was open on one surface only, and leaves shut what was', async () => {
    const canary = { refused: { high: 0.05 }, roll_back_to: 'allowlist' };
    const overrides = [
      { surface: 'api', state: 'on' },
      { region: 'US-IL', state: 'off' },
    ];
    const { db, gates, watch, submission, rolledBack } = await watched({ state: 'off', overrides, canary });
    expect(gates.shutFor(submission)).not.toBeNull();
    const known = aSubmission({ request: { operation: 'edit' }, caller: { ...submission.caller, user: { ...NOBODY, region: 'DE' } } });
    expect(gates.shutFor(known)).toBeNull();
    const one = watch();
    for (let i = 0; i < 100; i++) one.ended(known, refused);
    await one.flush();
    expect(rolledBack).toEqual(['studio:edit']);
    await gates.load(db);
    expect(gates.shutFor(known)).not.toBeNull();
    expect((await gates.list())[0]?.rule).toMatchObject({ state: 'off', overrides: [{ region: 'US-IL', state: 'off' }] });
    await one.stop();
  });

  it('counts on where it was when the database comes back', async () => {
    const { watch, submission, rolledBack, state } = await watched({ state: 'on', canary: { refused: { high: 0.05 } } });
    const one = watch();
    state.isUp = false;
    for (let i = 0; i < 100; i++) one.ended(submission, refused);
    await expect(one.flush()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expect(one.flush()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    state.isUp = true;
    await one.flush();
    expect(rolledBack).toEqual(['studio:edit']);
    await one.stop();
  });
});
