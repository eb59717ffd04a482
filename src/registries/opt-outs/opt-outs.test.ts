import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newId } from '../../contracts/ids.ts';
import { memoryEvidence } from '../../evidence/memory-evidence.fixture.ts';
import { createJournal } from '../../ledger/journal.ts';
import { readPrompt } from '../../prompts/reading/read-prompt.ts';
import { standardWordBook } from '../../prompts/reading/word-book.ts';
import type { Database } from '../../storage/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { openDatabase } from '../../storage/open-database.ts';
import type { OptOut } from './opt-out.ts';
import { createOptOutNames, NOBODY_OPTED_OUT } from './opt-out-names.ts';
import { createOptOutRegistry, type NewOptOut } from './opt-out-registry.ts';

const book = standardWordBook();
const anOptOut = (more: Partial<OptOut> = {}): OptOut => ({
  id: newId('optout'),
  name: 'Zofia Wolanin',
  aliases: [],
  works: [],
  reference: 'letter 4',
  what: ['style', 'name'],
  expiresAt: null,
  addedBy: 'local',
  addedAt: new Date(),
  ...more,
});
const said = (prompt: string, ...optOuts: OptOut[]) =>
  createOptOutNames(optOuts)
    .judge(readPrompt(prompt, book))
    .map(({ score, reason, spans }) => ({ score, reason, text: spans?.map(({ start, end }) => prompt.slice(start, end)) }));

describe('a prompt', () => {
  it.each(['a harbor in the style of Zofia Wolanin', 'zofia  WOLANIN harbor', 'by Zоfia Wоlanin, a harbor', 'Zófia Wolanin harbor'])(
    'that names an artist who opted out is told, with the place: %s',
    (prompt) => {
      const artist = anOptOut();
      expect(said(prompt, artist)).toEqual([{ score: 0.9, reason: `opt-out:${artist.id}`, text: [expect.stringMatching(/lanin/i)] }]);
    },
  );

  it('that names nobody who opted out is not', () => {
    expect(said('a harbor by Zofia, with Wolanin street', anOptOut())).toEqual([]);
    expect(said('Zofia Wolanin', anOptOut({ what: ['training'] }))).toEqual([]);
    expect(said('Zofia Wolanin', anOptOut({ expiresAt: new Date(Date.now() - 1) }))).toEqual([]);
  });

  it('that names a work of one counts like the name; a title of one word, which can mean anything, for less', () => {
    const works = anOptOut({ what: ['works'], works: ['Seven Harbors at Dusk', 'Storm'] });
    expect(said('seven harbors at dusk, wide', works)).toMatchObject([{ score: 0.9 }]);
    expect(said('a storm over a city', works)).toMatchObject([{ score: 0.5 }]);
    expect(said('Zofia Wolanin', works)).toEqual([]);
  });

  it('costs nothing where nobody opted out', () => {
    expect(createOptOutNames([])).toBe(NOBODY_OPTED_OUT);
  });
});

describe('a picture of a training set', () => {
  const names = createOptOutNames([anOptOut({ what: ['training'], aliases: ['Zowo'] })]);
  it.each(['Zofia Wolanin', '© 2024 Zofia Wolanin / Harbor Press', 'ZOWO'])(
    'by one who opted out of training is known by its maker: %s',
    (maker) => {
      expect(names.notForTraining(['Somebody', maker])).toHaveLength(1);
    },
  );

  it('by others is not', () => {
    expect(names.notForTraining(['Zofia', 'Wolanin Zofia', 'the zowo club', ''])).toEqual([]);
  });
});

describe('the register of opt-outs', () => {
  let folder = '';
  let db: Database;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opt-outs-'));
    db = await openDatabase({ dataDir: folder });
    await migrate(db);
  }, 60_000);
  afterAll(async () => {
    await db?.close();
    await rm(folder, { recursive: true });
  });
  const evidence = memoryEvidence();
  const journal = createJournal({ submit: () => Promise.reject(new Error('not in a transaction')), committed: () => undefined });
  const open = () => createOptOutRegistry({ db, journal, evidence });
  const { id: _, addedBy: __, addedAt: ___, ...facts } = anOptOut();
  const wish: NewOptOut = { ...facts, by: 'local' };

  it.each([
    [{ name: '†♥†' }, 'name'],
    [{ aliases: ['Zowo', '☾☽'] }, 'aliases[1]'],
    [{ what: ['works' as const], works: ['……'] }, 'works[0]'],
  ])('does not take in silence what could be found in no text: %j', async (more, param) => {
    await expect(open().add({ ...wish, ...more })).rejects.toMatchObject({ code: 'REQUEST_INVALID', param });
    expect(await open().list()).toEqual([]);
  });

  it('is in force at once, and elsewhere after a look; its names are sealed, and in no entry of the ledger', async () => {
    const [here, there] = [open(), open()];
    const before = here.names.version;
    const { id } = await here.add(wish);
    const judged = (names: typeof here.names) => names.judge(readPrompt('by Zofia Wolanin', book)).map(({ reason }) => reason);
    expect(judged(here.names)).toEqual([`opt-out:${id}`]);
    expect(here.names.version).not.toBe(before);
    expect(judged(there.names)).toEqual([]);
    await there.refresh();
    expect(judged(there.names)).toEqual([`opt-out:${id}`]);
    expect(await there.list()).toMatchObject([{ id, name: 'Zofia Wolanin', what: ['style', 'name'] }]);
    const { rows } = await db.query({ text: `select o::text || encode(l.entry, 'escape') as all from opt_outs o, ledger_outbox l` });
    for (const row of rows) expect(String(z.object({ all: z.string() }).parse(row).all)).not.toMatch(/Wolanin|letter 4/);
    await here.remove(id, 'local');
    expect([here.names.version, judged(here.names)]).toEqual(['', []]);
    await expect(here.remove(id, 'local')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
