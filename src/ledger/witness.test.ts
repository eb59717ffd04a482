import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from './base64.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { cosignatureVerifier, cosigner } from './cosignature.ts';
import { leafHash } from './merkle.ts';
import { naiveRoot, tilesInMemory } from './naive-tree.fixture.ts';
import { noteSigner, noteVerifier, openNote, signNote } from './note.ts';
import { generateNoteKey, SIGNATURE_TYPES } from './note-key.ts';
import { consistencyProof } from './proof.ts';
import { addCheckpoint, createWitness, type WitnessedHead, type WitnessState, type WitnessStore } from './witness.ts';
import { createFileWitnessStore } from './witness-store.ts';
import { formatAddCheckpoint, parseAddCheckpoint, readWitnessAnswer } from './witness-wire.ts';

const ORIGIN = 'ledger.example/log';
const log = generateNoteKey(ORIGIN);
const witnessKey = generateNoteKey('witness.example/w1', SIGNATURE_TYPES.cosignature);
const logs = new Map([[ORIGIN, [noteVerifier(log.verifierKey)]]]);
const signer = cosigner(witnessKey.signerKey);
const leaves = (count: number, word = 'entry') => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`${word} ${i}`)));
const HONEST = leaves(100);
const FORKED = [...HONEST.slice(0, 5), ...leaves(95, 'other')];

/** A request as a log would send it; each part can be replaced by a lie. */
async function request({
  history = HONEST,
  oldSize = 0,
  size = 10,
  origin = ORIGIN,
  key = log.signerKey,
  proof,
}: {
  history?: Uint8Array[];
  oldSize?: number;
  size?: number;
  origin?: string;
  key?: string;
  proof?: Uint8Array[];
} = {}) {
  const text = formatCheckpoint({ origin, size, root: naiveRoot(history.slice(0, size)) });
  const checkpoint = signNote(text, [noteSigner(key)]);
  return formatAddCheckpoint({
    checkpoint,
    oldSize,
    proof: proof ?? (await consistencyProof(Math.min(oldSize, size), size, tilesInMemory(history))),
  });
}
const headOf = (size: number): WitnessedHead => ({ size, root: naiveRoot(HONEST.slice(0, size)) });
const knowing = (size: number): WitnessState => ({ signer, logs, heads: new Map(size > 0 ? [[ORIGIN, headOf(size)]] : []) });

describe('a witness', () => {
  it('cosigns the first checkpoint of a log it knows, and every honest continuation', async () => {
    for (const [known, size] of [
      [0, 10],
      [10, 64],
      [64, 64],
      [64, 100],
      [0, 0],
    ] as const) {
      const body = await request({ oldSize: known, size });
      const { answer, record } = addCheckpoint(knowing(known), body);
      expect(answer.status).toBe(200);
      expect(record?.head.size).toBe(size);
      const note = parseAddCheckpoint(body)?.checkpoint + answer.body;
      expect(openNote(note, [cosignatureVerifier(witnessKey.verifierKey)]).kind).toBe('opened');
    }
  });

  it.each([
    ['404 for a log it does not know', 404, () => request({ origin: 'ledger.example/stranger' }), 0],
    ['403 for a checkpoint that the log did not sign', 403, () => request({ key: generateNoteKey(ORIGIN).signerKey }), 0],
    ['422 for a forked history', 422, () => request({ history: FORKED, oldSize: 10, size: 20 }), 10],
    ['422 for a proof where none belongs', 422, () => request({ proof: [HONEST[0]!] }), 0],
    ['422 for a missing proof', 422, () => request({ oldSize: 10, size: 20, proof: [] }), 10],
    ['400 for an old size above the new one', 400, () => request({ oldSize: 20, size: 10, proof: [] }), 20],
    ['400 for more than 63 hashes', 400, () => request({ proof: leaves(64) }), 0],
    ['400 for what is no request', 400, () => Promise.resolve('old 07\n\nx\n'), 0],
  ])('answers %s, and records nothing', async (_, status, body, known) => {
    const { answer, record } = addCheckpoint(knowing(known), await body());
    expect(answer.status).toBe(status);
    expect(record).toBeUndefined();
  });

  it('answers a log that was set back, or lags, with 409 and the size it knows', async () => {
    for (const body of [await request({ size: 50 }), await request({ oldSize: 20, size: 50 }), await request({ oldSize: 99, size: 99 })]) {
      const { answer, record } = addCheckpoint(knowing(64), body);
      expect(answer).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '64\n' });
      expect(record).toBeUndefined();
      expect(readWitnessAnswer(answer)).toEqual({ kind: 'conflict', size: 64 });
    }
  });

  it('answers another root at the same size with 409 and no size, since no retry can mend a fork', async () => {
    const { answer } = addCheckpoint(knowing(20), await request({ history: FORKED, oldSize: 20, size: 20 }));
    expect(answer).toMatchObject({ status: 409, body: '' });
    expect(readWitnessAnswer(answer)).toEqual({ kind: 'refused', status: 409 });
  });

  it('reads the example request of C2SP tlog-witness', () => {
    const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
    const parsed = parseAddCheckpoint(body);
    expect(parsed).toMatchObject({ oldSize: 20_852_014, proof: [{ length: 32 }, { length: 32 }] });
    expect(parsed && formatAddCheckpoint(parsed)).toBe(body);
  });
});

describe('what a witness remembers', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'witness-'));
  });
  afterAll(async () => await rm(dir, { recursive: true, force: true }));

  it('is on disk before the answer, and survives a restart', async () => {
    const file = join(dir, 'restart.json');
    const answer = await createWitness({ signer, logs, store: createFileWitnessStore(file) }).addCheckpoint(await request());
    expect(answer.status).toBe(200);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ [ORIGIN]: { size: 10, root: encodeBase64(headOf(10).root) } });
    const restarted = createWitness({ signer, logs, store: createFileWitnessStore(file) });
    expect(await restarted.addCheckpoint(await request({ size: 5 }))).toMatchObject({ status: 409, body: '10\n' });
    expect(await restarted.addCheckpoint(await request({ oldSize: 10, size: 20 }))).toMatchObject({ status: 200 });
    expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('cannot be lost by spoiling the file: the witness then answers nobody', async () => {
    const file = join(dir, 'spoilt.json');
    await writeFile(file, '{"ledger.example/log":{"size":10,"root":"AAAA"}}');
    const witness = createWitness({ signer, logs, store: createFileWitnessStore(file) });
    await expect(witness.addCheckpoint(await request())).rejects.toMatchObject({ code: 'LEDGER_INVALID' });
  });

  it('is not set back by two requests at once', async () => {
    const heads = new Map<string, WitnessedHead>();
    const slow: WitnessStore = {
      read: async () => new Map(heads),
      write: async (origin, head) => {
        await new Promise((resolve) => setTimeout(resolve, head.size === 10 ? 30 : 0));
        heads.set(origin, head);
      },
    };
    const witness = createWitness({ signer, logs, store: slow });
    const answers = await Promise.all([
      witness.addCheckpoint(await request({ size: 10 })),
      witness.addCheckpoint(await request({ size: 20 })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(heads.get(ORIGIN)?.size).toBe(10);
  });

  it('must be written, or there is no answer', async () => {
    const store: WitnessStore = { read: async () => new Map(), write: () => Promise.reject(new Error('disk full')) };
    const witness = createWitness({ signer, logs, store });
    await expect(witness.addCheckpoint(await request())).rejects.toThrow('disk full');
    await expect(witness.addCheckpoint(await request())).rejects.toThrow('disk full');
  });
});
