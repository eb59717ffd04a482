import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newId } from '../contracts/ids.ts';
import { noise, picture, smallZip } from '../detectors/pictures.fixture.ts';
import { FACTS } from '../provenance/pictures.fixture.ts';
import { testPki } from '../provenance/pki.fixture.ts';
import { createProvenance } from '../provenance/provenance.ts';
import { createHashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { createOptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { type CurationWish, curateFolder } from './curate-folder.ts';
import { readReservations } from './sidecars.ts';

const pool = createWorkerPool({ size: 1 });
const folders: string[] = [];
afterAll(async () => {
  await pool.close();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

let root = '';
let out = '';
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'curate-'));
  folders.push(folder);
  [root, out] = [join(folder, 'set'), join(folder, 'out')];
  await mkdir(root);
});

/** Different seeds give pictures that PDQ tells apart. */
const spots = await Promise.all(
  Array.from({ length: 10 }, (_, seed) =>
    picture(noise(9, 9, seed + 1), 9, 9)
      .resize(320, 240, { fit: 'fill', kernel: 'cubic' })
      .png()
      .toBuffer(),
  ),
);
const scene = (seed: number) => sharp(spots[seed]);
const png = (seed: number) => scene(seed).png().toBuffer();
const put = async (path: string, bytes: Uint8Array | string) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
};
const xmp = (properties: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`;

async function curate(more: Partial<CurationWish> = {}) {
  const curated = await curateFolder({
    root,
    out,
    pool,
    hashLists: createHashRegistry([]),
    checks: [],
    reservationsOf: await readReservations(root),
    rules: { notLooked: ['nudity'] },
    width: 3,
    onProgress: () => undefined,
    ...more,
  });
  const row = z.looseObject({ path: z.string(), decision: z.string(), reasons: z.array(z.string()), licence: z.string().nullable() });
  const lines = (await readFile(join(out, 'manifest.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
  const rows = new Map(lines.map((line) => row.parse(JSON.parse(line))).map((one) => [one.path, one]));
  return { ...curated, rows, said: (path: string) => `${rows.get(path)?.decision} ${rows.get(path)?.reasons.join(' ')}`.trim() };
}

describe('a training set', () => {
  it('keeps the first of pictures that are the same: copied, saved anew, mirrored, in a border', async () => {
    await put('a.png', await png(1));
    await put('b/copy.png', await png(1));
    await put('b/jpeg.jpg', await scene(1).jpeg({ quality: 50 }).toBuffer());
    await put('b/mirrored.png', await scene(1).flop().png().toBuffer());
    await put('c.png', await png(2));
    const { said, keep, drop, byReason } = await curate();
    expect([keep, drop, byReason]).toEqual([2, 3, { duplicate: 3 }]);
    expect(said('b/copy.png')).toBe('drop duplicate:exact:a.png');
    expect(said('b/jpeg.jpg')).toBe('drop duplicate:near:a.png');
    expect(said('b/mirrored.png')).toBe('drop duplicate:near:a.png');
    expect(said('c.png')).toBe('keep');
  });

  it('leaves out what a list knows, also in a border, and files that are broken or hostile', async () => {
    const [known, listed] = [
      await png(1),
      createHash('md5')
        .update(await png(2))
        .digest('hex'),
    ];
    await put('known.png', known);
    const { rows } = await curate();
    const pdq = z.string().parse(rows.get('known.png')?.['pdq']);
    await put('bordered.png', await scene(1).extend({ top: 20, bottom: 20, left: 20, right: 20, background: '#fff' }).png().toBuffer());
    await put('second.png', await png(2));
    await put('cut.png', known.subarray(0, 2_000));
    await put('two.png', Buffer.concat([await png(3), smallZip()]));
    await put('page.bin', '<html>');
    const hashLists = createHashRegistry([
      {
        name: 'list-a',
        entries: [
          { algorithm: 'pdq', value: pdq },
          { algorithm: 'md5', value: listed },
        ],
      },
    ]);
    const { said } = await curate({ hashLists });
    expect(said('bordered.png')).toMatch('drop known:list-a:pdq');
    expect(said('second.png')).toBe('drop known:list-a:md5');
    expect(said('cut.png')).toBe('drop unreadable:malformed:truncated');
    expect(said('two.png')).toBe('drop unreadable:hostile:polyglot');
    expect(said('page.bin')).toMatch('drop unreadable:');
  });

  it('leaves out what its owner does not want used for training, wherever that is said', async () => {
    for (const [at, name] of ['plus', 'header', 'robots', 'private/x', 'public/x', 'odd', 'free'].entries())
      await put(`${name}.png`, await png(at + 1));
    await put('plus.xmp', xmp('<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING</plus:DataMining>'));
    await put('free.png.xmp', xmp('<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-ALLOWED</plus:DataMining>'));
    await put('odd.png.xmp', '<x:xmpmeta><unclosed');
    await put('header.png.headers', 'Content-Type: image/png\r\nTDM-Reservation: 1\r\n');
    await put('robots.png.headers', 'x-robots-tag: noindex, noimageai\n');
    await put('tdmrep.json', '[{"location":"/private/*","tdm-reservation":1},{"location":"/","tdm-reservation":0}]');
    const { said, rows } = await curate();
    expect(said('plus.png')).toBe('drop opt-out:plus:DMI-PROHIBITED-AIMLTRAINING');
    expect(said('header.png')).toBe('drop opt-out:header:tdm-reservation');
    expect(said('robots.png')).toBe('drop opt-out:robots:noimageai');
    expect(said('private/x.png')).toBe('drop opt-out:tdmrep.json');
    expect(said('odd.png')).toMatch('drop opt-out:xmp:unreadable');
    expect([said('public/x.png'), said('free.png')]).toEqual(['keep', 'keep']);
    expect(rows.size).toBe(13);
    expect(said('odd.png.xmp')).toBe('skip skipped:beside');
  });

  it('leaves out pictures whose makers opted out of training in the register, in metadata of any kind', async () => {
    const id = newId('optout');
    const facts = { id, aliases: [], works: [], reference: 'letter 4', what: ['training' as const], expiresAt: null };
    const optOuts = createOptOutNames([{ ...facts, name: 'Zofia Wolanin' }]);
    const creator = (name: string) =>
      xmp(`<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Seq><rdf:li>${name}</rdf:li></rdf:Seq></dc:creator>`);
    await put('beside.png', await png(1));
    await put('beside.png.xmp', creator('Zofia Wolanin'));
    await put(
      'exif.jpg',
      await scene(2)
        .withExif({ IFD0: { Artist: 'Photo by Zofia Wolanin' } })
        .jpeg()
        .toBuffer(),
    );
    await put('other.png', await png(3));
    await put('other.png.xmp', creator('Zofia'));
    const { said } = await curate({ rules: { notLooked: [], optOuts } });
    expect([said('beside.png'), said('exif.jpg'), said('other.png')]).toEqual([`drop opt-out:${id}`, `drop opt-out:${id}`, 'keep']);
  });

  it('reads what copyright notices and terms say of training, and asks a person where rights are reserved without a licence', async () => {
    const rights = (text: string) =>
      xmp(
        `<dc:rights xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></dc:rights>`,
      );
    const withCopyright = (seed: number, text: string) =>
      scene(seed)
        .withExif({ IFD0: { Copyright: text } })
        .jpeg()
        .toBuffer();
    await put('exif.jpg', await withCopyright(1, '(c) 2026 A. Nother. No use for AI training.'));
    await put('reserved.jpg', await withCopyright(2, '© 2026 A. Nother, all rights reserved'));
    await put('plain.jpg', await withCopyright(3, '© 2026 A. Nother'));
    await put('xmp.png', await png(4));
    await put('xmp.xmp', rights('© Jemand. Nutzung für Text und Data Mining vorbehalten.'));
    await put('read.png', await png(5));
    await put('read.xmp', rights('May be used to train AI models with attribution.'));
    await put('marked.png', await png(6));
    await put('marked.xmp', xmp('<xmpRights:Marked>True</xmpRights:Marked>'));
    await put('licensed.png', await png(7));
    await put(
      'licensed.xmp',
      xmp('<xmpRights:Marked>True</xmpRights:Marked><xmpRights:WebStatement>https://example.org/terms</xmpRights:WebStatement>'),
    );
    await put('unknown.png', await png(8));
    await put('unknown.xmp', xmp('<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-SOMETHING-NEW</plus:DataMining>'));
    const { said } = await curate();
    expect(said('exif.jpg')).toBe('drop opt-out:exif:copyright');
    expect(said('reserved.jpg')).toBe('review rights:reserved');
    expect(said('plain.jpg')).toBe('keep');
    expect(said('xmp.png')).toBe('drop opt-out:xmp:rights');
    expect(said('read.png')).toBe('review rights:training-mentioned');
    expect(said('marked.png')).toBe('review rights:reserved');
    expect(said('licensed.png')).toBe('keep');
    expect(said('unknown.png')).toBe('drop opt-out:plus:unknown');
  });

  it('leaves out people who are known not to agree, or all who did not', async () => {
    const faces: Record<string, readonly string[]> = {
      nobody: [],
      refused: ['person:consented:person_a', 'person:no-consent:person_b'],
      stranger: ['person:unknown'],
      agreed: ['person:consented:person_a'],
      either: ['person:ambiguous'],
    };
    const pictures = new Map<string, readonly string[]>();
    for (const [at, [name, said]] of Object.entries(faces).entries()) {
      const bytes = await png(at + 1);
      pictures.set(createHash('sha256').update(bytes).digest('hex'), said);
      await put(`${name}.png`, bytes);
    }
    const lost = await png(9);
    await put('lost.png', lost);
    const compareFaces = async (image: Uint8Array) =>
      pictures.get(createHash('sha256').update(image).digest('hex')) ?? Promise.reject(new Error('lost'));
    const under = (rule: 'known' | 'consented') => curate({ compareFaces, rules: { notLooked: [], people: { rule, version: '1' } } });
    const known = await under('known');
    expect([...known.rows.keys()].map((path) => `${path} ${known.said(path)}`)).toEqual([
      'agreed.png keep',
      'either.png review person:ambiguous',
      'lost.png review person:not-compared',
      'nobody.png keep',
      'refused.png drop person:no-consent:person_b',
      'stranger.png keep',
    ]);
    expect(known.rows.get('lost.png')).toMatchObject({ not_looked: ['consent'] });
    const consented = await under('consented');
    expect([...consented.rows.keys()].map((path) => `${path} ${consented.said(path)}`)).toEqual([
      'agreed.png keep',
      'either.png review person:ambiguous',
      'lost.png drop person:not-compared',
      'nobody.png keep',
      'refused.png drop person:no-consent:person_b',
      'stranger.png drop person:unknown',
    ]);
    expect(consented.resumed).toBe(0);
  });

  it('respects the training-and-mining assertion of a content credential', async () => {
    const pki = await testPki();
    const provenance = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem });
    const { bytes } = await provenance.sign({ bytes: await png(4), format: 'png', manifest: FACTS });
    await provenance.close();
    await put('signed.png', bytes);
    expect((await curate()).said('signed.png')).toBe(
      'drop opt-out:c2pa:ai_generative_training opt-out:c2pa:ai_training opt-out:c2pa:data_mining',
    );
  });

  it('does not keep a copy without the wish of its owner, whichever of the two comes first', async () => {
    await put('a-stripped.png', await png(1));
    await put('b-original.jpg', await scene(1).jpeg().toBuffer());
    await put('b-original.jpg.xmp', xmp('<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</plus:DataMining>'));
    await put('c-stripped.png', await scene(1).flop().png().toBuffer());
    const { said, keep } = await curate();
    expect(keep).toBe(0);
    expect(said('a-stripped.png')).toBe('drop opt-out:plus:DMI-PROHIBITED:in:b-original.jpg');
    expect(said('c-stripped.png')).toBe('drop duplicate:near:a-stripped.png');
  });

  it('says under which licence a picture is, and leaves out others where only some are taken', async () => {
    await put('a.png', await png(1));
    await put('a.png.license', 'SPDX-FileCopyrightText: 2026 Somebody\nSPDX-License-Identifier: CC0-1.0\n');
    await put('b.png', await png(2));
    await put('b.xmp', xmp('<xmpRights:WebStatement>https://example.org/terms</xmpRights:WebStatement>'));
    await put('c.png', await png(3));
    const { rows, said } = await curate({ rules: { notLooked: [], licences: new Set(['CC0-1.0']) } });
    expect(['a.png', 'b.png', 'c.png'].map((path) => rows.get(path)?.licence)).toEqual(['CC0-1.0', 'https://example.org/terms', null]);
    expect([said('a.png'), said('b.png'), said('c.png')]).toEqual(['keep', 'drop licence:other', 'drop licence:none']);
  });

  it('goes on where a run was ended, even in the middle of a line, and gives the same manifest', async () => {
    for (let i = 0; i < 6; i++) await put(`${i}.png`, await png(i % 4));
    const whole = await curate();
    const manifest = await readFile(join(out, 'manifest.csv'), 'utf8');
    const journal = join(out, 'curate.journal.jsonl');
    const text = await readFile(journal, 'utf8');
    await truncate(journal, text.indexOf('"path":"3.png"') + 20);
    const again = await curate();
    expect([whole.resumed, again.resumed]).toEqual([0, 3]);
    expect(await readFile(join(out, 'manifest.csv'), 'utf8')).toBe(manifest);
    await put('1.png', await png(9));
    await utimes(join(root, '1.png'), 1, 1);
    expect((await curate()).resumed).toBe(1);
    expect(
      (
        await curate({
          hashLists: createHashRegistry([
            { name: 'list-a', entries: [] },
            { name: 'b', entries: [{ algorithm: 'md5', value: '0'.repeat(32) }] },
          ]),
        })
      ).resumed,
    ).toBe(0);
  });

  it('sees a wish that was put beside an old picture since, and one that was taken away', async () => {
    for (const name of ['a', 'b', 'c']) await put(`${name}.png`, await png(name.charCodeAt(0) % 9));
    expect((await curate()).keep).toBe(3);
    await put('a.png.headers', 'tdm-reservation: 1\n');
    await put('tdmrep.json', '[{"location":"/c*","tdm-reservation":1}]');
    const wished = await curate();
    expect(['a.png', 'b.png', 'c.png'].map(wished.said)).toEqual([
      'drop opt-out:header:tdm-reservation',
      'keep',
      'drop opt-out:tdmrep.json',
    ]);
    expect((await curate()).resumed).toBe(5);
    await rm(join(root, 'a.png.headers'));
    expect((await curate()).said('a.png')).toBe('keep');
  });

  it('does not take what lies beside a picture and cannot be read for no wish', async () => {
    await put('large.png', await png(1));
    await put('large.png.xmp', xmp(`<!--${' '.repeat(300_000)}-->`));
    await put('odd.png', await png(2));
    await mkdir(join(root, 'odd.png.headers'));
    const { said } = await curate();
    expect([said('large.png'), said('odd.png')]).toEqual(['drop opt-out:xmp:unreadable', 'drop opt-out:header:unreadable']);
  });

  it('goes on behind a line of which nothing but the end is missing', async () => {
    for (let i = 0; i < 4; i++) await put(`${i}.png`, await png(i));
    await curate();
    const journal = join(out, 'curate.journal.jsonl');
    const text = await readFile(journal, 'utf8');
    await truncate(journal, text.indexOf('{"path":"2.png"') - 1);
    const { resumed, rows } = await curate();
    expect([resumed, rows.size]).toEqual([1, 4]);
  });

  it('does not lose the wish of a copy when a run ends right behind it', async () => {
    await put('a-stripped.png', await png(1));
    await put('b-original.jpg', await scene(1).jpeg().toBuffer());
    await put('b-original.jpg.headers', 'tdm-reservation: 1\n');
    const whole = await curate();
    const journal = join(out, 'curate.journal.jsonl');
    const lines = (await readFile(journal, 'utf8')).split('\n');
    const written = lines.findIndex((line) => line.startsWith('{"amends"') || line.startsWith('{"path":"b-original.jpg"'));
    await truncate(journal, Buffer.byteLength(`${lines.slice(0, written + 1).join('\n')}\n`));
    const again = await curate();
    expect([whole.said('a-stripped.png'), again.said('a-stripped.png')]).toEqual(
      new Array(2).fill('drop opt-out:header:tdm-reservation:in:b-original.jpg'),
    );
  });

  it('follows no link out of the folder, names what it did not look at, and asks a person where a check is loud', async () => {
    await put('a.png', await png(1));
    await put('secret.txt', 'x');
    await put('.git/b.png', await png(2));
    await symlink('/etc', join(root, 'etc'));
    await symlink('/etc/hostname', join(root, 'a.png.license'));
    const check = {
      id: 'nudity',
      version: '1',
      looksAt: ['input_image' as const],
      categories: ['sexual' as const],
      deadlineMs: 1_000,
      detect: () => ({ kind: 'signals' as const, signals: [{ category: 'sexual' as const, score: 0.8, reason: 'nudity:explicit' }] }),
    };
    const broken = { ...check, id: 'faces', detect: () => Promise.reject(new Error('lost')) };
    const { rows, said } = await curate({ checks: [check, broken] });
    expect([...rows.keys()]).toEqual(['.git', 'a.png', 'a.png.license', 'etc', 'secret.txt']);
    expect([...rows.keys()].map(said)).toEqual([
      'skip skipped:hidden',
      'review nudity:explicit not-looked:faces',
      'skip skipped:link',
      'skip skipped:link',
      'skip skipped:beside',
    ]);
    expect(rows.get('a.png')).toMatchObject({ licence: null, not_looked: ['nudity', 'faces'] });
  });

  it('is described for machines by a Croissant file whose digests fit', async () => {
    await put('a,b.png', await png(1));
    await curate();
    const csv = await readFile(join(out, 'manifest.csv'));
    expect(csv.toString()).toMatch(
      /^path,decision,reasons,licence,sha256,pdq,format,width,height,bytes,not_looked\n"a,b.png",keep,,,[0-9a-f]{64},/,
    );
    const described = JSON.parse(await readFile(join(out, 'croissant.json'), 'utf8'));
    expect(described).toMatchObject({ conformsTo: 'http://mlcommons.org/croissant/1.0', '@type': 'sc:Dataset' });
    expect(described.distribution[0]).toMatchObject({ contentUrl: 'manifest.csv', sha256: createHash('sha256').update(csv).digest('hex') });
  });
});
