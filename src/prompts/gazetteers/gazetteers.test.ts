import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKS_DIR } from '../../packs.ts';
import { readPrompt } from '../reading/read-prompt.ts';
import { evaluateNames } from './evaluate-names.ts';
import type { Gazetteer } from './gazetteer.ts';
import { loadGazetteer } from './load-gazetteer.ts';
import { parsePack } from './pack.ts';
import { packKey } from './trusted-pack.ts';

const shippedDir = join(PACKS_DIR, 'gazetteers');
const NOBODY = { publicKeys: [], allowUnsigned: false };
const load = (settings: Partial<Parameters<typeof loadGazetteer>[0]> = {}) =>
  loadGazetteer({ shippedDir, without: [], operatorPacks: [], trust: NOBODY, ...settings });
const SHIPPED = ['contexts', 'public-figures', 'artists', 'trademarks', 'works', 'politics'];

describe('the gazetteers that ship', () => {
  let names: Gazetteer;
  beforeAll(async () => {
    names = await load();
  });
  const said = (text: string) => Object.fromEntries(evaluateNames(names, readPrompt(text)).map(({ category, score }) => [category, score]));

  it.each([
    ['Taylor Swift on a horse', { real_person_likeness: 0.45 }],
    ['Emmanuel Macron in handcuffs', { real_person_likeness: 0.7, political_disinformation: 0.8 }],
    ['a castle by Greg Rutkowski', { ip: 0.5 }],
    ['Pikachu in the rain', { ip: 0.6 }],
    ['a can of Coca-Cola', { ip: 0.6 }],
    ["a Schindler's List poster", { ip: 0.45 }],
    ['Schindlers List', { ip: 0.45 }],
    ['a poster of the movie Frozen', { ip: 0.55 }],
    ['ballot stuffing', { political_disinformation: 0.6 }],
  ])('know the names in "%s"', (text, expected) => expect(said(text)).toMatchObject(expected));

  it.each([
    'a trump card on a green table',
    'an apple on a table',
    'a shell on the beach',
    'a puma in the snow',
    'the supreme court',
    'a lighthouse by the sea',
    'a frozen lake in heavy rain',
    'a cow and chicken in the yard, leaves turning red',
  ])('let "%s" pass', (text) => expect(said(text)).toEqual({}));

  it('never hold somebody who only names an artist, an actor or a brand', () => {
    const holds: Readonly<Record<string, number>> = { real_person_likeness: 0.6, ip: 0.8, political_disinformation: 0.7 };
    for (const text of ['portrait by Artgerm and Greg Rutkowski', 'Tom Hanks eating soup', 'Nike shoes', 'Ghibli style village'])
      for (const [category, score] of Object.entries(said(text))) expect(score).toBeLessThan(holds[category] ?? 0);
  });

  it('point at the words of the user', () => {
    const text = 'a photo of DONALD   Trump, please';
    const [signal] = evaluateNames(names, readPrompt(text));
    expect(signal?.spans?.map(({ start, end }) => text.slice(start, end))).toEqual(['DONALD   Trump']);
  });

  it('do not repeat the name in the reason', () => {
    for (const { reason } of evaluateNames(names, readPrompt('Taylor Swift and Pikachu'))) expect(reason).toMatch(/^gazetteer:[a-z_]+$/);
  });

  it('hold several hundred entries each', async () => {
    for (const name of SHIPPED.slice(1)) {
      const parsed = parsePack(await readFile(join(shippedDir, `${name}.txt`), 'utf8'));
      const count = parsed.ok ? parsed.pack.entries.flatMap((entry) => entry.names).length : 0;
      expect(count, name).toBeGreaterThan(200);
    }
  });
});

describe('packs of an operator', () => {
  let folder: string;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const trusted = { publicKeys: [packKey(publicKey.export({ type: 'spki', format: 'pem' }).toString())], allowUnsigned: false };
  const content = Buffer.from('imprimatur-gazetteer own 1\n[character]\nPurple Teapot Man | ~Teapot Man\n');
  const path = () => join(folder, 'own.txt');
  const load1 = (trust: Parameters<typeof loadGazetteer>[0]['trust']) => load({ without: SHIPPED, operatorPacks: [path()], trust });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gazetteers-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are taken with a signature that fits, raw or in base64', async () => {
    await writeFile(path(), content);
    const signature = sign(null, content, privateKey);
    for (const written of [signature, `${signature.toString('base64')}\n`]) {
      await writeFile(`${path()}.sig`, written);
      expect((await load1(trusted)).nameCount).toBe(2);
    }
  });

  it('are refused when somebody changed them, even where unsigned packs are allowed', async () => {
    await writeFile(path(), Buffer.concat([content, Buffer.from('Green Teapot Man\n')]));
    await writeFile(`${path()}.sig`, sign(null, content, privateKey));
    await expect(load1({ ...trusted, allowUnsigned: true })).rejects.toThrow('the signature does not fit');
  });

  it('are refused without a signature, unless the operator says so', async () => {
    await writeFile(path(), content);
    await rm(`${path()}.sig`);
    await expect(load1(trusted)).rejects.toThrow('no signature');
    expect((await load1({ publicKeys: [], allowUnsigned: true })).nameCount).toBe(2);
  });

  it('cannot stand in for a pack that ships', async () => {
    await writeFile(join(folder, 'contexts.txt'), content);
    await expect(load({ shippedDir: folder, without: SHIPPED.slice(1) })).rejects.toThrow('not the pack that was shipped');
  });

  it('take no key but Ed25519', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(() => packKey(other)).toThrow('Ed25519');
  });
});

describe('reading a pack', () => {
  it.each([
    ['no heading', 'Purple Teapot\n', 1],
    ['an unknown kind', 'imprimatur-gazetteer own 1\n\n[villain]\n', 3],
    ['an entry before any kind', 'imprimatur-gazetteer own 1\nPurple Teapot\n', 2],
    ['a name that is too long', `imprimatur-gazetteer own 1\n[brand]\n${'x'.repeat(100)}\n`, 3],
    ['no entry', 'imprimatur-gazetteer own 1\n# nothing\n', 1],
  ])('names the line of %s', (_, text, line) => {
    const parsed = parsePack(text);
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.line)).toEqual([line]);
  });
});
