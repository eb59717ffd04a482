import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEntries } from './append.ts';
import { formatBundle, parseBundle } from './entry-bundle.ts';
import { exportLog } from './export-log.ts';
import { noteSigner } from './note.ts';
import { generateNoteKey } from './note-key.ts';
import { openLedgerInMemory } from './pglite.fixture.ts';
import { createLedgerReader } from './reader.ts';
import { createSequencer } from './sequencer.ts';
import { verifyLog } from './verify-log.ts';

const ORIGIN = 'ledger.example/log';
const key = generateNoteKey(ORIGIN);
const SIZE = 700;

/** A log of `size` entries as an auditor downloads it. */
async function exportedLog(dir: string, size: number, word = 'entry') {
  const db = await openLedgerInMemory();
  const sequencer = createSequencer({ db, origin: ORIGIN, signer: noteSigner(key.signerKey) });
  const entries = Array.from({ length: size }, (_, i) => Buffer.from(`${word} ${i}`));
  await appendEntries(db, entries.slice(0, 300));
  await sequencer.integrateOnce();
  const older = await createLedgerReader(db).latestCheckpoint();
  await appendEntries(db, entries.slice(300));
  await sequencer.integrateOnce();
  const exported = await exportLog(createLedgerReader(db), dir);
  await db.close();
  return { older: older ?? '', exported };
}

describe('an audit of the exported log', () => {
  let work: string;
  let older: string;
  let forkedOlder: string;
  const read = (path: string): Promise<Uint8Array> => readFile(join(work, 'log', path));

  /** The log with some of its files replaced; null takes one away. */
  const tampered = (changes: Record<string, ((before: Buffer) => Uint8Array) | null>) => async (path: string) => {
    const change = changes[path];
    if (change === null) throw new Error('no such file');
    const before = Buffer.from(await read(path));
    return change ? change(before) : before;
  };
  const audit = (fetch = read, since?: string) =>
    verifyLog({ fetch, verifierKeys: [key.verifierKey], ...(since !== undefined && { since }) });
  const flip = (at: number) => (before: Buffer) => before.with(at, (before[at] ?? 0) ^ 1);

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'verify-log-'));
    const log = await exportedLog(join(work, 'log'), SIZE);
    expect(log.exported).toEqual({ size: SIZE, files: 3 + 3 + 1 + 1 });
    older = log.older;
    forkedOlder = (await exportedLog(join(work, 'fork'), 400, 'other')).older;
  });
  afterAll(async () => await rm(work, { recursive: true, force: true }));

  it('finds nothing wrong with an honest log, and tells how far it is', async () => {
    const seen: number[] = [];
    const result = await verifyLog({
      fetch: read,
      verifierKeys: [key.verifierKey],
      since: older,
      onProgress: ({ verified }) => seen.push(verified),
    });
    expect(result).toEqual({ ok: true, size: SIZE, root: expect.any(String), problems: [] });
    expect(seen).toEqual([256, 512, 700]);
  });

  it('names the entry that was changed', async () => {
    const result = await audit(tampered({ 'tile/entries/001': (before) => before.with(-1, 0) }));
    expect(result.ok).toBe(false);
    expect(result.problems).toContainEqual(expect.objectContaining({ kind: 'entry_mismatch', index: 511 }));
    expect(result.problems.map(({ kind }) => kind)).toEqual(['entry_mismatch', 'tile_mismatch', 'wrong_root']);
  });

  it('names the tile that was changed, low or high', async () => {
    const low = await audit(tampered({ 'tile/0/002.p/188': flip(32 * 100) }));
    expect(low.problems).toEqual([expect.objectContaining({ kind: 'entry_mismatch', index: 612 })]);
    const high = await audit(tampered({ 'tile/1/000.p/2': flip(40) }));
    expect(high.problems).toEqual([expect.objectContaining({ kind: 'tile_mismatch', path: 'tile/1/000.p/2' })]);
  });

  it('sees two entries that changed places', async () => {
    const swap = (before: Buffer) => {
      const [first, second, ...rest] = parseBundle(before) ?? [];
      return formatBundle([second!, first!, ...rest]);
    };
    const { problems } = await audit(tampered({ 'tile/entries/000': swap }));
    expect(problems.flatMap(({ index }) => index ?? [])).toEqual([0, 1]);
  });

  it('sees an entry that was taken out, and files that are missing, cut or lengthened', async () => {
    const changes = {
      'tile/entries/000': (before: Buffer) => formatBundle((parseBundle(before) ?? []).slice(1)),
      'tile/entries/001': (before: Buffer) => before.subarray(0, -3),
      'tile/0/001': (before: Buffer) => before.subarray(0, -32),
      'tile/1/000.p/2': (before: Buffer) => Buffer.concat([before, Buffer.alloc(32)]),
      'tile/0/002.p/188': null,
    };
    for (const [path, change] of Object.entries(changes)) {
      const { ok, problems } = await audit(tampered({ [path]: change }));
      expect(ok).toBe(false);
      expect(problems[0]).toMatchObject({ path, kind: change === null ? 'file_missing' : 'file_malformed' });
    }
  });

  it('refuses a checkpoint that is changed, missing, or signed by nobody it knows', async () => {
    const size = (before: Buffer) => Buffer.from(before.toString().replace('\n700\n', '\n699\n'));
    expect(await audit(tampered({ checkpoint: size }))).toMatchObject({
      ok: false,
      size: null,
      problems: [{ kind: 'checkpoint_rejected', detail: 'bad_signature' }],
    });
    expect(await audit(tampered({ checkpoint: null }))).toMatchObject({ ok: false, problems: [{ kind: 'file_missing' }] });
    const stranger = generateNoteKey(ORIGIN).verifierKey;
    expect(await verifyLog({ fetch: read, verifierKeys: [stranger] })).toMatchObject({
      ok: false,
      problems: [{ detail: 'no_known_signature' }],
    });
    expect(await verifyLog({ fetch: read, verifierKeys: [key.verifierKey, stranger] })).toMatchObject({
      ok: false,
      problems: [{ kind: 'signature_missing' }],
    });
  });

  it('does not take a checkpoint of another log that the same person signed', async () => {
    const other = generateNoteKey('ledger.example/other');
    const note = Buffer.from(older).toString();
    const fetch = tampered({ checkpoint: () => Buffer.from(note) });
    const verifierKeys = [other.verifierKey, key.verifierKey] as const;
    const result = await verifyLog({ fetch, verifierKeys });
    expect(result.problems.map(({ kind }) => kind)).toEqual(['signature_missing', 'wrong_origin']);
  });

  it('sees a log that was set back to an older state, although every file of it is honest', async () => {
    const newest = Buffer.from(await read('checkpoint')).toString();
    const result = await audit(tampered({ checkpoint: () => Buffer.from(older) }), newest);
    expect(result).toMatchObject({ ok: false, problems: [{ kind: 'rolled_back' }] });
  });

  it('sees a history that was rewritten and signed anew', async () => {
    expect(await audit(read, forkedOlder)).toMatchObject({ ok: false, problems: [{ kind: 'not_an_extension' }] });
    expect(await audit(read, 'no checkpoint')).toMatchObject({ ok: false, problems: [{ kind: 'checkpoint_rejected', path: 'since' }] });
  });

  it('stops counting at a thousand problems', async () => {
    const all = Object.fromEntries(['000', '001'].map((n) => [`tile/0/${n}`, (before: Buffer) => before.map((byte) => byte ^ 1)]));
    expect((await audit(tampered(all))).problems).toHaveLength(512);
  });
});
