import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../bench/random.ts';
import { formatPdq, parsePdq, pdqDistance } from '../pdq/pdq-bits.ts';
import { createHashRegistry } from './hash-registry.ts';
import { loadHashList, loadHashLists } from './load-hash-list.ts';
import { parseHashLine } from './parse-hash-list.ts';
import { PdqIndex } from './pdq-index.ts';

const H64 = 'ab'.repeat(32);
const H32 = 'cd'.repeat(16);

const readAll = (text: string, options: Parameters<typeof parseHashLine>[1]) =>
  text.split('\n').map((line) => parseHashLine(line, options));

describe('reading a hash list', () => {
  it('reads CSV with and without header, quotes and missing cells', () => {
    const text = `algorithm,value,category,severity,label\r\npdq,${H64},,A1,"one, two ""three"""\n\n# comment\nMD5x,1\nmd5,${H32.toUpperCase()}`;
    expect(readAll(text, { format: 'csv' })).toEqual([
      null,
      { algorithm: 'pdq', value: H64, category: undefined, severity: 'A1', label: 'one, two "three"' },
      null,
      null,
      'algorithm must be pdq, sha256 or md5',
      { algorithm: 'md5', value: H32, category: undefined, severity: undefined, label: undefined },
    ]);
  });

  it('reads JSONL and TXT', () => {
    const jsonl = readAll(`{"algorithm":"sha256","value":"${H64}","category":"extremism"}\n{"algorithm":\n[1]`, { format: 'jsonl' });
    expect(jsonl).toEqual([expect.objectContaining({ algorithm: 'sha256', category: 'extremism' }), 'not JSON', 'not an object']);
    const txt = readAll(`${H32}\nsha256:${H64}\npdq ${H64}\n${H64}`, { format: 'txt' });
    expect(txt.map((row) => (typeof row === 'string' ? row : row?.algorithm))).toEqual([
      'md5',
      'sha256',
      'pdq',
      '64 digits could be PDQ or SHA-256: say which',
    ]);
    expect(parseHashLine(H64, { format: 'txt', bareValuesAre: 'pdq' })).toMatchObject({ algorithm: 'pdq' });
  });

  it.each([
    [`pdq,${H64.slice(1)}`, 'pdq must be 64 hex digits'],
    [`md5,${H64}`, 'md5 must be 32 hex digits'],
    [`md5,${'x'.repeat(32)}`, 'md5 must be 32 hex digits'],
    [`sha256,${H64},nonsense`, 'category is not one of ours'],
    [`sha256,${H64},,a/b`, 'severity may have 32 letters, digits, spaces, dots and dashes'],
    [`sha256,${H64},,,${'l'.repeat(129)}`, 'label may have 128 characters, and no line breaks'],
    [`sha256,"${H64}`, 'a quote is not closed'],
    ['sha256', 'expected 2 to 5 columns, found 1'],
    ['sha256,', 'value is missing'],
  ])('says what is wrong with "%s"', (line, message) => {
    expect(parseHashLine(line, { format: 'csv' })).toBe(message);
  });

  it('takes no member of a JSON row that it does not know', () => {
    expect(parseHashLine(`{"algorithm":"sha256","value":"${H64}","url":"x"}`, { format: 'jsonl' })).toMatch('a member is not one of');
  });

  it('never throws on any line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('csv' as const, 'jsonl' as const, 'txt' as const), (line, format) => {
        expect(['string', 'object']).toContain(typeof parseHashLine(line, { format }));
      }),
    );
  });
});

describe('loading list files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hash-list-'));
    await writeFile(join(folder, 'a.csv'), `md5,${H32}\nmd5,zz\n`);
    await writeFile(join(folder, 'a.xml'), '');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('takes a file whole or not at all, and names the bad lines', async () => {
    const path = join(folder, 'a.csv');
    await expect(loadHashLists([{ path, name: 'list-a' }])).rejects.toMatchObject({
      message: 'hash list "list-a": line 2: md5 must be 32 hex digits',
    });
    expect(await loadHashList({ path, name: 'list-a', onBadRow: 'skip' }, () => undefined)).toEqual({ skipped: 1 });
    const lists = await loadHashLists([{ path, name: 'list-a', onBadRow: 'skip' }]);
    expect(lists.counts).toEqual([{ list: 'list-a', pdq: 0, sha256: 0, md5: 1 }]);
  });

  it('refuses names that do not fit a reason, and unknown kinds of files', async () => {
    await expect(loadHashLists([{ path: join(folder, 'a.csv'), name: 'List A' }])).rejects.toMatchObject({ name: 'HashListRejected' });
    await expect(loadHashLists([{ path: join(folder, 'a.xml'), name: 'list-a' }])).rejects.toMatchObject({ name: 'HashListRejected' });
  });
});

describe('the registry of hashes', () => {
  it('says what is loaded: nothing, by default', () => {
    expect(createHashRegistry([])).toMatchObject({ counts: [], categories: [], hasPdq: false });
    const entries = [
      { algorithm: 'md5' as const, value: H32, category: 'hate' as const },
      { algorithm: 'pdq' as const, value: H64 },
    ];
    const registry = createHashRegistry([{ name: 'list-a', entries }]);
    expect(registry.counts).toEqual([{ list: 'list-a', pdq: 1, sha256: 0, md5: 1 }]);
    expect(registry.categories).toEqual(['hate']);
    expect(registry.version).not.toBe(createHashRegistry([]).version);
    expect(registry.matchExact('md5', H32)).toEqual([{ list: 'list-a', algorithm: 'md5', category: 'hate' }]);
    expect(registry.matchExact('sha256', H32)).toEqual([]);
  });

  it('finds exactly the hashes within the distance, as a plain count of bits does', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
    const bits = (text: string) => parsePdq(text) ?? new Uint32Array(8);
    const plain = (a: string, b: string) =>
      [...a].reduce(
        (sum, digit, i) => sum + (Number.parseInt(digit, 16) ^ Number.parseInt(b[i] ?? '0', 16)).toString(2).replaceAll('0', '').length,
        0,
      );
    fc.assert(
      fc.property(hex, hex, fc.array(hex, { maxLength: 40 }), fc.integer({ min: 0, max: 140 }), (query, other, listed, maxDistance) => {
        const near = `${query.slice(0, 60)}${listed[0]?.slice(60) ?? '0000'}`;
        const all = [...listed, near];
        for (const one of all) expect(pdqDistance(bits(query), bits(one))).toBe(plain(query, one));
        const index = new PdqIndex();
        for (const one of all) index.add(bits(one));
        const expected = all.flatMap((one, i) => (Math.min(plain(query, one), plain(other, one)) <= maxDistance ? [i] : []));
        expect([...index.near([bits(query), bits(other)], maxDistance)].flat()).toEqual(expected);
        expect(formatPdq(bits(query))).toBe(query);
      }),
    );
  });

  it('finds every planted neighbor in a list of 200,000, also at the very end, and no stranger', async () => {
    const random = seededRandom(7);
    const words = () => Uint32Array.from({ length: 8 }, () => Math.floor(random() * 2 ** 32));
    const index = new PdqIndex();
    for (let i = 0; i < 199_997; i++) index.add(words());
    const query = words();
    const turned = (bits: number) => query.map((word, i) => (word ^ (i < bits ? 1 << (i % 32) : 0)) >>> 0);
    for (const bits of [0, 3, 8]) index.add(turned(bits));
    expect([...index.near([query], 31)].flat()).toEqual([199_997, 199_998, 199_999]);
    expect([...index.near([query], 2)].flat()).toEqual([199_997]);
    expect([...index.near([words()], 31)].flat()).toEqual([]);
  });

  it('finds exact digests again among a hundred thousand, twice where two lists have one, and none that is not there', () => {
    const digest = (i: number) => createHash('md5').update(String(i)).digest('hex');
    const entries = Array.from({ length: 100_000 }, (_, i) => ({ algorithm: 'md5' as const, value: digest(i) }));
    const registry = createHashRegistry([
      { name: 'list-a', entries },
      { name: 'list-b', entries: [{ algorithm: 'md5', value: digest(99_999), category: 'hate' }] },
    ]);
    const missing = entries.filter(({ value }) => registry.matchExact('md5', value)[0]?.list !== 'list-a');
    expect(missing).toEqual([]);
    expect(registry.matchExact('md5', digest(99_999)).map(({ list }) => list)).toEqual(['list-a', 'list-b']);
    expect(registry.matchExact('md5', digest(100_001))).toEqual([]);
  });

  it('stops searching when nobody waits any more', async () => {
    const entries = Array.from({ length: 100_000 }, () => ({ algorithm: 'pdq' as const, value: H64 }));
    const registry = createHashRegistry([{ name: 'list-a', entries }]);
    const queries = Array.from({ length: 64 }, () => new Uint32Array(8));
    await expect(registry.matchPdq(queries, 31, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});
