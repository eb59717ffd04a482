import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { insertKey, listKeys, revokeKey } from '../access/key-store.ts';
import { loadConfig } from '../config/load-config.ts';
import { createJournal } from '../ledger/journal.ts';
import { generateNoteKey, SIGNATURE_TYPES } from '../ledger/note-key.ts';
import { createOutbound } from '../outbound/outbound.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { ABSENT_MEMORY } from '../prompts/conversation/absent-memory.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { createLogger, createTelemetry } from '../telemetry/telemetry.ts';
import { buildChecks } from './build-checks.ts';
import { shippedClassifier } from './build-learning.ts';
import { buildModels } from './build-models.ts';
import { createClosers } from './closers.ts';
import { ensureFirstKeys } from './first-keys.ts';
import { openKeys } from './open-keys.ts';
import { createWitnessClient } from './witness-client.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function configured(settings: Record<string, unknown> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'imp-compose-'));
  dirs.push(dataDir);
  const file = join(dataDir, 'imprimatur.json');
  writeFileSync(file, JSON.stringify({ ...settings, dataDir }));
  return loadConfig({ flags: { config: file }, env: {} });
}

describe('closing', () => {
  it('ends what was opened last first, and everything, whatever fails on the way', async () => {
    const [closed, errors]: [string[], unknown[]] = [[], []];
    const closers = createClosers((error) => errors.push(error));
    for (const name of ['database', 'pool', 'server']) {
      closers.add(async () => {
        closed.push(name);
        if (name === 'pool') throw new Error('stuck');
      });
    }
    await closers.closeAll();
    await closers.closeAll();
    expect(closed).toEqual(['server', 'pool', 'database']);
    expect(errors).toEqual([new Error('stuck')]);
  });
});

describe('a classifier outside that may fail without holding anything', () => {
  const opened = async (category: string, until: string) => {
    const whenFailed = { categories: { [category]: { mode: 'open', until, reason: 'trial of the service' } } };
    const told: unknown[] = [];
    const silent = createTelemetry(createLogger('silent'));
    const telemetry = { ...silent, classifierOpen: (open: object) => told.push(open) };
    await buildChecks(configured({ classifierRules: { whenFailed } }), {
      pool: { run: async () => ({ kind: 'timed_out' as const }), close: async () => undefined },
      outbound: createOutbound(),
      classifier: await shippedClassifier(),
      conversationMemory: ABSENT_MEMORY,
      telemetry,
    });
    return told;
  };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  it('is told at the start, with its end', async () => {
    const until = inDays(30);
    expect(await opened('ip', until)).toEqual([
      { category: 'ip', until, untilMs: Date.parse(`${until}T23:59:59.999Z`), reason: 'trial of the service', isInForce: true },
    ]);
    expect(await opened('ip', inDays(-2))).toMatchObject([{ category: 'ip', isInForce: false }]);
  });

  it('keeps the gateway from starting where a floor depends on it', async () => {
    await expect(opened('sexual_minors', inDays(30))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('a floor depends on it'),
    });
  });
});

describe('the models of a configuration', () => {
  const outbound = createOutbound();
  afterAll(() => outbound.close());
  const pool = { run: async () => ({ kind: 'timed_out' as const }), close: async () => undefined };
  const build = (settings: Record<string, unknown>) => () =>
    buildModels(configured(settings), { pool, outbound, isBlack: async () => false });
  const studio = { name: 'studio', kind: 'openai', baseUrl: 'http://127.0.0.1:9/v1' };

  it('come in the order of the file, the first being the default', () => {
    const models = build({ models: [studio, { name: 'demo', kind: 'demo' }], aliases: { sketch: 'demo' } })();
    expect([...models.keys()]).toEqual(['studio', 'demo']);
  });

  it.each([
    ['two models of one name', { models: [studio, studio] }, 'two models have the name studio'],
    [
      'a kind that there is not',
      { models: [{ name: 'x', kind: 'constructor' }] },
      'there is no kind "constructor"; there are demo, openai',
    ],
    ['an alias that leads nowhere', { models: [studio], aliases: { sketch: 'gone' } }, 'aliases.sketch: there is no model "gone"'],
    ['a setting that the kind does not have', { models: [{ ...studio, basUrl: 'x' }] }, 'model studio'],
  ])('are refused with %s, and the place is named', (_, settings, message) => {
    expect(build(settings)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }));
  });
});

describe('the keys of a gateway', () => {
  it('are made at the first start, readable by nobody else, and the same ever after', async () => {
    const { dataDir } = configured();
    const [first, second] = [
      await openKeys({ dataDir, ledgerOrigin: 'a.example/ledger' }),
      await openKeys({ dataDir, ledgerOrigin: 'a.example/ledger' }),
    ];
    expect(second.ledger).toEqual(first.ledger);
    for (const name of ['evidence.key', 'links.key', 'prompt.key', 'ledger.key']) {
      expect(statSync(join(dataDir, 'keys', name)).mode & 0o777).toBe(0o600);
    }
    const keys = [first.master, first.links, first.prompt].map((key) => Buffer.from(key).toString('hex'));
    expect(new Set(keys).size).toBe(3);
  });
});

describe('asking a witness', () => {
  const { verifierKey } = generateNoteKey('witness.example', SIGNATURE_TYPES.cosignature);
  const request = { checkpoint: 'note\n', oldSize: 0, proof: [] };
  const asked: string[] = [];
  const answering = (answer: Awaited<ReturnType<Outbound['request']>>) => ({
    open: () => Promise.reject(new Error('not asked')),
    close: async () => undefined,
    async request({ url, trust }: { url: string; trust: string }) {
      asked.push(`${trust} ${url}`);
      return answer;
    },
  });
  const cosign = (answer: Parameters<typeof answering>[0], url = 'https://witness.example/prefix//') =>
    createWitnessClient({ url, key: verifierKey }, answering(answer)).cosign(request, new AbortController().signal);

  it('goes to the address that the operator wrote, and nowhere else', async () => {
    const body = Buffer.from('— witness line\n');
    expect(await cosign({ kind: 'response', status: 200, headers: {}, body })).toEqual({ kind: 'cosigned', lines: body.toString() });
    expect(asked).toEqual(['configured https://witness.example/prefix/add-checkpoint']);
  });

  it('is not begun with a key that is no witness’s', () => {
    const key = generateNoteKey('witness.example').verifierKey;
    expect(() =>
      createWitnessClient(
        { url: 'https://witness.example', key },
        answering({ kind: 'failed', cause: 'reset', reachedServer: false, detail: '' }),
      ),
    ).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('fails loudly when there is no answer', async () => {
    await expect(cosign({ kind: 'failed', cause: 'timed_out', reachedServer: true, detail: 'witness.example' })).rejects.toThrow(
      'timed_out',
    );
  });
});

describeEachDatabase('the first keys', (open) => {
  async function start(settings: Record<string, unknown> = {}) {
    const db = await open();
    await migrate(db);
    const config = configured({ surfaces: ['chat', 'api'], ...settings });
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const entries = async () => (await db.query({ text: 'select * from ledger_outbox' })).rows.length;
    return { db, config, ensure: () => ensureFirstKeys(config, { db, journal }), entries };
  }

  it('are one for each surface and one for the operator, shown again at every start and made once', async () => {
    const { db, config, ensure, entries } = await start();
    const made = await ensure();
    expect(Object.keys(made)).toEqual(['chat', 'api', 'operator']);
    expect(await ensure()).toEqual(made);
    expect((await listKeys(db)).map(({ surface, role, development }) => [surface, role, development])).toEqual(
      expect.arrayContaining([
        ['chat', 'caller', true],
        ['api', 'caller', true],
        ['operator', 'operator', true],
      ]),
    );
    expect(await entries()).toBe(3);
    const file = join(config.dataDir, 'development-keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(made);
  });

  it('are not made in a gateway that has keys already, not even revoked ones', async () => {
    const { db, ensure } = await start();
    const { key } = await insertKey(db, { role: 'caller', application: 'default', surface: 'api' });
    await revokeKey(db, key.id);
    expect(await ensure()).toEqual({});
    expect(await listKeys(db)).toHaveLength(1);
  });

  it('are those of the configuration where there are any, and no development key besides', async () => {
    const { db, ensure, entries } = await start({ bootstrapKey: 'k'.repeat(24), bootstrapOperatorKey: 'o'.repeat(24) });
    expect([await ensure(), await ensure()]).toEqual([{}, {}]);
    expect((await listKeys(db)).map(({ role, development }) => [role, development]).sort()).toEqual([
      ['caller', false],
      ['operator', false],
    ]);
    expect(await entries()).toBe(2);
  });
});
