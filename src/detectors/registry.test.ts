import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckInput } from '../contracts/check.ts';
import type { Signal } from '../contracts/finding.ts';
import { checkPolicy } from '../policy/check-policy.ts';
import type { HashEntry } from '../registries/hash-lists/hash-entry.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { createCheckRunner } from './create-check-runner.ts';
import { createEditComparer } from './edit-anomaly/edit-comparer.ts';
import { isMalformedFile } from './file-sanity/file-sanity.ts';
import { createImageInspector } from './inspect-image.ts';
import { localCheckParts } from './local-checks.fixture.ts';
import { createPictureLooker } from './looking/picture-looker.ts';
import { blobs, chunk, picture, smallPng, smallZip } from './pictures.fixture.ts';
import { CHECKS, discoverChecks } from './registry.ts';

const pool = createWorkerPool({ size: 1, maxRssMb: 1_200 });
afterAll(() => pool.close());
const inspector = createImageInspector({ pool, deadlineMs: 20_000 });
const looker = createPictureLooker({ pool, deadlineMs: 60_000 });
const compareEdit = createEditComparer({ pool, looker, deadlineMs: 60_000 });
const scene = picture(blobs(640, 480), 640, 480);
const scenePng = await scene.png().toBuffer();
const scenePdq = await inspector
  .inspect(scenePng)
  .then((inspection) => (inspection.kind === 'inspected' ? (inspection.facts.pdq[0]?.hashes[0] ?? '') : ''));

const entry = (algorithm: HashEntry['algorithm'], value: string, category?: HashEntry['category']): HashEntry => ({
  algorithm,
  value,
  category,
  severity: undefined,
  label: undefined,
});

/** Runs all checks on one picture and gives the signals of each by its id. */
async function look(image: Uint8Array, entries: readonly HashEntry[] = [], prompt = 'a teapot') {
  const parts = localCheckParts({ inspector, looker, compareEdit }, [{ name: 'list-a', entries }]);
  const checks = CHECKS.map(({ create }) => create(parts));
  const runner = createCheckRunner({ checks, expected: checks.map(({ id }) => id) });
  const inputs: CheckInput[] = [
    { subject: { kind: 'prompt' }, prompt, surface: 'test' },
    { subject: { kind: 'input_image', index: 0 }, prompt, surface: 'test', image },
  ];
  const { findings } = await runner.run(inputs);
  const of = (id: string): readonly Signal[] | string => {
    const finding = findings.find(({ check }) => check === id);
    if (finding?.kind === 'signals') return finding.signals;
    return finding?.kind === 'abstained' ? `abstained ${finding.reason}` : JSON.stringify(finding);
  };
  return { findings, of };
}

describe('the registry of checks', () => {
  it('creates every check under its id, with a version and a deadline', () => {
    const parts = localCheckParts({ inspector, looker, compareEdit });
    for (const { id, create } of CHECKS) {
      const check = create(parts);
      expect(check.id).toBe(id);
      expect(check.version).toMatch(/^\d+\+/);
      expect(create(parts, { deadlineMs: 77 }).deadlineMs).toBe(77);
      expect(() => create(parts, { deadlinems: 77 })).toThrow();
    }
  });

  it('has nothing to say about an ordinary prompt and picture', async () => {
    const { findings } = await look(scenePng);
    // `edit-anomaly` looks at what a model made only.
    const looking = CHECKS.map(({ id }) => id).filter((id) => id !== 'edit-anomaly');
    expect(findings.map(({ check }) => check).sort()).toEqual(looking.sort());
    const said = findings.filter((finding) => finding.kind !== 'abstained');
    const loudest = said.map((finding) => (finding.kind === 'signals' ? Math.max(0, ...finding.signals.map(({ score }) => score)) : 1));
    // A classifier always has something to say, and next to nothing about this.
    expect(Math.max(0, ...loudest)).toBeLessThan(0.2);
    expect(
      findings
        .filter(({ kind }) => kind === 'abstained')
        .map(({ check }) => check)
        .sort(),
    ).toEqual(['prompt-conversation', 'prompt-external', 'prompt-external-strict']);
  });
});

describe('a detector of somebody who builds on this', () => {
  const manifest = (...ids: string[]) =>
    `export const checks = [${ids.map((id) => `{ id: '${id}', create: () => ({ id: '${id}', looksAt: ['artifact'], categories: ['hate'] }) }`).join(', ')}];`;
  const planted = async (folders: Readonly<Record<string, string>>, work: (root: URL) => Promise<void>) => {
    const root = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'detectors-'))}/`);
    for (const [name, source] of Object.entries(folders)) {
      mkdirSync(new URL(`${name}/`, root));
      writeFileSync(new URL(`${name}/manifest.mjs`, root), source);
    }
    try {
      await work(root);
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  const idsIn = async (root: URL) => (await discoverChecks(root, '.mjs')).map(({ id }) => id);

  it('is there with its folder, and gone with it; a policy that still lists it is told so', async () => {
    await planted({ smoke: manifest('smoke'), flags: manifest('flags', 'flags-strict') }, async (root) => {
      mkdirSync(new URL('no-manifest/', root));
      expect(await idsIn(root)).toEqual(['flags', 'flags-strict', 'smoke']);
      rmSync(new URL('smoke/', root), { recursive: true });
      expect(await idsIn(root)).toEqual(['flags', 'flags-strict']);
      const text = readFileSync('policies/standard/policy.yaml', 'utf8').replace(
        'checks:\n',
        'checks:\n  - { id: smoke, whenFailed: hold }\n',
      );
      const parts = localCheckParts({ inspector, looker, compareEdit });
      const left = checkPolicy(text, { knownChecks: [...CHECKS.map(({ create }) => create(parts))] });
      expect(left).toMatchObject({ kind: 'invalid', problems: [{ message: 'there is no check "smoke"' }] });
    });
  });

  it('is refused when two have one name, or a manifest lists nothing', async () => {
    await planted({ one: manifest('same'), two: manifest('same') }, (root) =>
      expect(idsIn(root)).rejects.toThrow('two manifests have a check "same"'),
    );
    await planted({ empty: 'export const checks = [];' }, (root) => expect(idsIn(root)).rejects.toThrow('empty/manifest.ts'));
    await planted({ odd: 'export const checks = [{ id: 7 }];' }, (root) => expect(idsIn(root)).rejects.toThrow('odd/manifest.ts'));
  });
});

describe('file sanity', () => {
  it('tells a hostile file from a broken one', async () => {
    const hostile = (await look(Buffer.concat([scenePng, smallZip()]))).of('file-sanity');
    const broken = (await look(scenePng.subarray(0, 5_000))).of('file-sanity');
    expect(hostile).toEqual([{ category: 'unsafe_file', score: 1, reason: 'hostile:polyglot' }]);
    expect(broken).toEqual([{ category: 'unsafe_file', score: 1, reason: 'malformed:truncated' }]);
    expect([hostile, broken].map((signals) => typeof signals !== 'string' && signals.every(isMalformedFile))).toEqual([false, true]);
  });

  it('judges the prompt that a generator left in the file', async () => {
    const left = (text: string) => smallPng(chunk('tEXt', Buffer.from(`parameters\0${text}`)));
    const found = (await look(left('nude woman\nSteps: 20'))).of('file-sanity');
    expect(found).toEqual([{ category: 'sexual', score: 0.7, reason: 'metadata:lexicon:sexual' }]);
  });

  it('does not hold a negative prompt against anybody', async () => {
    const texts = [
      'a teapot\nNegative prompt: nude, child, gory\nSteps: 20',
      '{"prompt":"a teapot","uc":"nude woman"}',
      '{"3":{"inputs":{"text":"nude woman"}}}',
    ];
    for (const text of texts) {
      const bytes = smallPng(chunk('tEXt', Buffer.from(`parameters\0${text}`)));
      expect((await look(bytes)).of('file-sanity')).toEqual([]);
    }
  });
});

describe('known hashes', () => {
  const sha256 = createHash('sha256').update(scenePng).digest('hex');
  const md5 = createHash('md5').update(scenePng).digest('hex');

  it('finds the very file by SHA-256 and MD5, and says on which list', async () => {
    expect((await look(scenePng, [entry('sha256', sha256, 'extremism'), entry('md5', md5)])).of('known-hashes')).toEqual([
      { category: 'extremism', score: 1, reason: 'hash:list-a:sha256' },
      { category: 'known_bad', score: 1, reason: 'hash:list-a:sha256' },
      { category: 'known_bad', score: 1, reason: 'hash:list-a:md5' },
    ]);
  });

  it.each([
    ['saved as a poor JPEG', () => scene.clone().jpeg({ quality: 30 })],
    ['at half size', () => scene.clone().resize(320, 240)],
    ['in grey', () => scene.clone().greyscale()],
    ['mirrored', () => scene.clone().flop()],
    ['upside down', () => scene.clone().rotate(180)],
    ['turned by a quarter', () => scene.clone().rotate(90)],
    ['as one frame of an animation', () => scene.clone().gif()],
    ['in a border', () => scene.clone().extend({ top: 24, bottom: 24, left: 32, right: 32, background: '#fff' }).jpeg()],
    ['mirrored in a letterbox', () => scene.clone().flop().extend({ top: 120, bottom: 120, background: '#000' }).jpeg()],
  ])('finds a listed picture %s', async (_, change) => {
    const bytes = await change().toBuffer();
    expect((await look(bytes, [entry('pdq', scenePdq)])).of('known-hashes')).toEqual([
      { category: 'known_bad', score: 1, reason: 'hash:list-a:pdq' },
    ]);
  });

  it('does not find another picture, nor a flat one', async () => {
    const other = await picture(blobs(640, 480, 9), 640, 480)
      .png()
      .toBuffer();
    expect((await look(other, [entry('pdq', scenePdq)])).of('known-hashes')).toEqual([]);
    const flat = await picture(new Uint8Array(64 * 64 * 3).fill(90), 64, 64)
      .png()
      .toBuffer();
    expect((await look(flat, [entry('pdq', '0'.repeat(64))])).of('known-hashes')).toEqual([]);
  });

  it('abstains on a file that nobody can open, unless the file itself is listed', async () => {
    const broken = scenePng.subarray(0, 5_000);
    expect((await look(broken, [entry('pdq', scenePdq)])).of('known-hashes')).toBe('abstained unreadable');
    const listed = entry('md5', createHash('md5').update(broken).digest('hex'));
    expect((await look(broken, [entry('pdq', scenePdq), listed])).of('known-hashes')).toEqual([
      { category: 'known_bad', score: 1, reason: 'hash:list-a:md5' },
    ]);
  });
});

describe('prompt rules', () => {
  it('reports category, rule and place', async () => {
    expect((await look(scenePng, [], 'a fake passport')).of('prompt-rules')).toEqual([
      { category: 'fraud_id_documents', score: 0.8, reason: 'lexicon:fraud-id-documents', spans: [{ start: 2, end: 15 }] },
    ]);
  });
});
