import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPdq, parsePdq, pdqDistance } from '../pdq/pdq-bits.ts';
import { createHashRegistry } from './hash-registry.ts';
import { loadHashList } from './load-hash-list.ts';
import { parseHashList } from './parse-hash-list.ts';
import { createPdqIndex } from './pdq-index.ts';

const H64 = 'ab'.repeat(32);
const H32 = 'cd'.repeat(16);

describe('reading a hash list', () => {
  it('reads CSV with and without header, quotes and missing cells', () => {
    const text = `\ufeffalgorithm,value,category,severity,label\r\npdq,${H64},,A1,"one, two ""three"""\n\n# comment\nMD5x,1\nmd5,${H32.toUpperCase()}\n`;
    const { entries, problems } = parseHashList(text, { format: 'csv' });
    expect(entries).toEqual([
      { algorithm: 'pdq', value: H64, category: undefined, severity: 'A1', label: 'one, two "three"' },
      { algorithm: 'md5', value: H32, category: undefined, severity: undefined, label: undefined },
    ]);
    expect(problems).toEqual([{ line: 5, message: 'algorithm must be pdq, sha256 or md5' }]);
  });

  it('reads JSONL and TXT', () => {
    const jsonl = parseHashList(`{"algorithm":"sha256","value":"${H64}","category":"extremism"}\n{"algorithm":`, { format: 'jsonl' });
    expect(jsonl.entries).toMatchObject([{ algorithm: 'sha256', category: 'extremism' }]);
    expect(jsonl.problems).toEqual([{ line: 2, message: 'not JSON' }]);
    const txt = parseHashList(`${H32}\nsha256:${H64}\npdq ${H64}\n${H64}`, { format: 'txt' });
    expect(txt.entries.map(({ algorithm }) => algorithm)).toEqual(['md5', 'sha256', 'pdq']);
    expect(txt.problems).toEqual([{ line: 4, message: '64 digits could be PDQ or SHA-256: say which' }]);
    expect(parseHashList(H64, { format: 'txt', bareValuesAre: 'pdq' }).entries).toMatchObject([{ algorithm: 'pdq' }]);
  });

  it.each([
    [`pdq,${H64.slice(1)}`, 'pdq must be 64 hex digits'],
    [`md5,${H64}`, 'md5 must be 32 hex digits'],
    [`sha256,${H64},nonsense`, 'category is not one of ours'],
    [`sha256,"${H64}`, 'a quote is not closed'],
    ['sha256', 'expected 2 to 5 columns, found 1'],
  ])('says what is wrong with "%s"', (line, message) => {
    expect(parseHashList(`\n${line}`, { format: 'csv' }).problems).toEqual([{ line: 2, message }]);
  });

  it('never throws on any text, and accounts for every line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('csv' as const, 'jsonl' as const, 'txt' as const), (text, format) => {
        const { entries, problems } = parseHashList(text, { format });
        expect(entries.length + problems.length).toBeLessThanOrEqual(text.split('\n').length);
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
    await expect(loadHashList({ path, name: 'list-a' })).rejects.toMatchObject({
      message: 'hash list "list-a": line 2: md5 must be 32 hex digits',
    });
    const list = await loadHashList({ path, name: 'list-a', onBadRow: 'skip' });
    expect([list.entries.length, list.skipped.length]).toEqual([1, 1]);
  });

  it('refuses names that do not fit a reason, and unknown kinds of files', async () => {
    await expect(loadHashList({ path: join(folder, 'a.csv'), name: 'List A' })).rejects.toMatchObject({ name: 'HashListRejected' });
    await expect(loadHashList({ path: join(folder, 'a.xml'), name: 'list-a' })).rejects.toMatchObject({ name: 'HashListRejected' });
  });
});

describe('the registry of hashes', () => {
  it('says what is loaded: nothing, by default', () => {
    expect(createHashRegistry([])).toMatchObject({ counts: [], categories: [], hasPdq: false });
    const { entries } = parseHashList(`md5,${H32},hate\npdq,${H64}`, { format: 'csv' });
    const registry = createHashRegistry([{ name: 'list-a', entries, skipped: [] }]);
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
      fc.property(hex, fc.array(hex, { maxLength: 8 }), fc.integer({ min: 0, max: 140 }), (query, others, maxDistance) => {
        const near = `${query.slice(0, 60)}${others[0]?.slice(60) ?? '0000'}`;
        const all = [...others, near];
        for (const other of all) expect(pdqDistance(bits(query), bits(other))).toBe(plain(query, other));
        const expected = all.flatMap((other, i) => (plain(query, other) <= maxDistance ? [i] : []));
        expect(createPdqIndex(all.map(bits)).near(bits(query), maxDistance)).toEqual(expected);
        expect(formatPdq(bits(query))).toBe(query);
      }),
    );
  });
});
