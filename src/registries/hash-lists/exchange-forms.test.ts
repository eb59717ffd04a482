import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../contracts/category.ts';
import type { HashEntry } from './hash-entry.ts';
import { MOST_LINE_CHARS } from './lines.ts';
import { LIST_FORMATS, type ListFormat } from './list-format.ts';
import { packRows, unpackRows } from './packed-rows.ts';
import { readRows } from './read-rows.ts';
import { writeRows } from './write-rows.ts';

const H64 = 'ab'.repeat(32);
const H32 = 'cd'.repeat(16);

/** Read in pieces of a few bytes, as a network may deliver them. */
async function read(text: string, format: ListFormat, pieceBytes = 7) {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
    bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes),
  );
  const rows: [number, HashEntry | string | null][] = [];
  for await (const at of readRows(Readable.from(pieces), { format })) for (const row of at.rows) rows.push([at.line, row]);
  return rows;
}

async function written(entries: readonly HashEntry[], format: ListFormat): Promise<string> {
  const pages = Readable.from([entries]);
  return textOf(Readable.from(writeRows(pages, format)));
}

const entry = (algorithm: HashEntry['algorithm'], value: string, more: Partial<HashEntry> = {}): HashEntry => ({
  category: undefined,
  severity: undefined,
  label: undefined,
  ...more,
  algorithm,
  value,
});

describe('lists of exchanges', () => {
  it('takes indicators of ThreatExchange, one a line or a page of them, and leaves out what was withdrawn', async () => {
    const lines = [
      `{"id":"1","indicator":"${H64.toUpperCase()}","type":"HASH_PDQ","status":"MALICIOUS","tags":["media_type_photo","violence"]}`,
      `{"data":[{"indicator":"${H32}","type":"HASH_MD5","should_delete":true},{"indicator":"${H32}","type":"HASH_MD5","severity":"SEVERE"}],"paging":{}}`,
      `{"signal_type":"pdq","signal_value":"${H64}"}`,
      '{"indicator":"https://example.org","type":"URI"}',
      '{"indicator":"zz","type":"HASH_MD5"}',
      '[1',
    ];
    expect(await read(lines.join('\n'), 'threatexchange')).toEqual([
      [1, entry('pdq', H64, { label: 'media_type_photo violence' })],
      [2, null],
      [2, entry('md5', H32, { severity: 'SEVERE' })],
      [3, entry('pdq', H64)],
      [4, null],
      [5, 'md5 must be 32 hex digits'],
      [6, 'not an indicator of ThreatExchange'],
    ]);
  });

  it('takes hash records of StopNCII, and no withdrawn one', async () => {
    const record = (status: string, type = 'ImagePDQ', value = H64) =>
      `{"lastModtimestamp":1,"signalType":"${type}","hashValue":"${value}","hashStatus":"${status}","caseNumbers":{"1":"Active"},"CSPFeedbacks":[]}`;
    const page = `{"count":3,"nextPageToken":"","hasMoreRecords":false,"hashRecords":[${record('Active')},${record('Withdrawn')},${record('Active', 'VideoMD5', H32)}]}`;
    expect(await read(`${page}\n${record('Active', 'ImagePDQ', 'ff')}`, 'stopncii')).toEqual([
      [1, entry('pdq', H64)],
      [1, null],
      [1, null],
      [2, 'pdq must be 64 hex digits'],
    ]);
  });

  it('takes pictures of the hash sharing of NCMEC with their classification, and names the line of a bad one', async () => {
    const xml = `<?xml version="1.0"?>
<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">
<!-- a comment with <image> in it -->
<images maxTimestamp="2026-01-01T00:00:00Z">
<image><member id="42">A &amp; B</member><id>x1</id><classification>A1</classification>
  <fingerprints><md5>${H32}</md5><sha1>${'ef'.repeat(20)}</sha1><pdna>x</pdna></fingerprints></image>
<image><id>x2</id><fingerprints><md5>nope</md5></fingerprints></image>
<image><id>x3</id><fingerprints><sha1>${'ef'.repeat(20)}</sha1></fingerprints></image>
<deletedImage><id>x4</id></deletedImage>
</images><videos><video><id>v</id><fingerprints><md5>${H32}</md5></fingerprints></video></videos>
</queryResult>`;
    expect(await read(xml, 'ncmec')).toEqual([
      [5, entry('md5', H32, { severity: 'A1' })],
      [7, 'md5 must be 32 hex digits'],
      [8, null],
      [9, null],
      [10, null],
    ]);
  });

  it('reads XML as XML: prefixes, CDATA, texts in parts, references and line ends of any kind', async () => {
    const xml = `<n:queryResult xmlns:n="https://hashsharing.ncmec.org/hashsharing/v2"><n:images>\r\n<n:image\r\n a='>'><n:fingerprints>
<n:md5><![CDATA[${H32.slice(0, 10)}]]>${H32.slice(10, 20)}<!-- > -->${H32.slice(20)}</n:md5></n:fingerprints><n:classification>&#65;1</n:classification></n:image></n:images></n:queryResult>`;
    expect(await read(xml, 'ncmec')).toEqual([[3, entry('md5', H32, { severity: 'A1' })]]);
  });

  it('takes no XML that defines entities, names one that nobody defined, or ends in the middle; what stood before it is read', async () => {
    const over = 'nothing after this was read';
    const image = `<image><md5>${H32}</md5></image>`;
    const bomb = `<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><x>&c;</x>`;
    expect(await read(bomb, 'ncmec')).toEqual([[1, `a document type is not taken; ${over}`]]);
    expect(await read(`<x>\n${image}\n&a;${image}</x>`, 'ncmec')).toEqual([
      [2, entry('md5', H32)],
      [3, `this is not well-formed XML; ${over}`],
    ]);
    expect(await read(`<x>${image}</y>${image}</x>`, 'ncmec')).toEqual([
      [1, entry('md5', H32)],
      [1, `this is not well-formed XML; ${over}`],
    ]);
    expect(await read('<queryResult>\n<image><id>1', 'ncmec')).toEqual([
      [2, `the file ends before its last element does; ${over}`],
      [2, 'the file ends inside a record'],
    ]);
    expect(await read('', 'ncmec')).toEqual([[1, `the file ends before its last element does; ${over}`]]);
  });

  it('takes no XML of another encoding', async () => {
    const xml = '<?xml version="1.0" encoding="ISO-8859-1"?><x/>';
    expect(await read(xml, 'ncmec')).toMatchObject([[1, expect.stringContaining('not UTF-8')]]);
    const bytes = Readable.from([Buffer.from('<x>\n'), Buffer.from(xml, 'utf16le')]);
    const rows = [];
    for await (const row of readRows(bytes, { format: 'ncmec' })) rows.push(row);
    expect(rows).toMatchObject([{ line: 2 }]);
  });

  it.each([
    ['a text', `<image>${'x'.repeat(200_000)}`],
    ['a comment', `<image><!--${'x'.repeat(200_000)}`],
    ['a text in parts', `<image>${`<![CDATA[${'x'.repeat(90)}]]>`.repeat(2_000)}`],
    ['a tag', `<image>\n<id ${Array.from({ length: 20_000 }, (_, i) => `a${i}="1" `).join('')}`],
    ['a document type', `<!DOCTYPE x [${'<!ENTITY a "b">'.repeat(10_000)}`],
  ])('keeps nothing that has no end: %s', async (_, xml) => {
    expect(await read(xml, 'ncmec', 65_536)).toContainEqual([expect.any(Number), expect.stringContaining('is too long')]);
  });

  it('follows no elements into any depth', async () => {
    expect(await read('<a>'.repeat(100_000), 'ncmec', 65_536)).toEqual([[1, expect.stringContaining('too deep')]]);
  });

  it('keeps no line that never ends, and goes on after it', async () => {
    const rows = await read(`${'x'.repeat(MOST_LINE_CHARS + 2_000_000)}\nmd5,${H32}`, 'csv', 1_000_000);
    expect(rows).toEqual([
      [1, 'the line is too long'],
      [2, entry('md5', H32)],
    ]);
  });

  it('reads again what it wrote, in every form, as far as the form can hold it', async () => {
    const hex = (digits: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
    const fields = {
      category: fc.option(fc.constantFrom(...CATEGORIES), { nil: undefined }),
      severity: fc.option(fc.stringMatching(/^[A-C][0-9]$/), { nil: undefined }),
      label: fc.option(
        fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((text) => /^\P{Cc}{1,128}$/u.test(text)),
        { nil: undefined },
      ),
    };
    const pdq = fc.record({ algorithm: fc.constant('pdq' as const), value: hex(64), ...fields });
    const any = fc.oneof(
      pdq,
      fc.record({ algorithm: fc.constant('sha256' as const), value: hex(64), ...fields }),
      fc.record({ algorithm: fc.constant('md5' as const), value: hex(32), ...fields }),
    );
    const holds: Readonly<Record<ListFormat, (one: HashEntry) => HashEntry>> = {
      csv: (one) => one,
      jsonl: (one) => one,
      threatexchange: (one) => one,
      stopncii: (one) => one,
      txt: ({ algorithm, value }) => entry(algorithm, value),
      ncmec: ({ algorithm, value, severity }) => entry(algorithm, value, { severity }),
    };
    for (const format of LIST_FORMATS)
      await fc.assert(
        fc.asyncProperty(fc.array(format === 'stopncii' ? pdq : any, { maxLength: 8 }), async (entries) => {
          const rows = await read(await written(entries, format), format, 4096);
          expect(rows.map(([, row]) => row)).toEqual(entries.map(holds[format]));
          expect(unpackRows(...(Object.values(packRows(entries)) as [unknown, Uint8Array]))).toEqual(entries);
        }),
        { numRuns: 60 },
      );
  });

  it('never throws on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...LIST_FORMATS), async (text, format) => {
        for (const [line] of await read(text, format)) expect(line).toBeGreaterThan(0);
      }),
    );
  });
});
