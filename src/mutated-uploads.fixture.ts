import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { seededRandom } from '../bench/random.ts';
import { chunk, smallZip, svg } from './detectors/pictures.fixture.ts';
import { plainPng, stealthPng, textChunk, withChunks, xmpChunk, xmpPacket } from './provenance/foreign/files.fixture.ts';
import { FACTS, picture } from './provenance/pictures.fixture.ts';
import { testPki } from './provenance/pki.fixture.ts';
import { createProvenance, type Provenance } from './provenance/provenance.ts';
import { createTraceReader } from './provenance/traces/read-traces.ts';
import { situationsOf } from './uploads/situations.ts';
import { verifyFile } from './verify-file.ts';
import { createWorkerPool } from './workers/fork-pool.ts';

/** JUMBF superboxes inside each other, `depth` times, or a box that promises gigabytes. */
function boxBomb(depth: number): Buffer {
  let inner = Buffer.alloc(0);
  const type = Buffer.from('63327061001100108000 00aa00389b71'.replace(' ', ''), 'hex');
  for (let i = 0; i < depth; i++) {
    const description = Buffer.concat([Buffer.from([0, 0, 0, 30]), Buffer.from('jumd'), type, Buffer.from([3]), Buffer.from('c2pa\0')]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(8 + description.length + inner.length);
    inner = Buffer.concat([length, Buffer.from('jumb'), description, inner]);
  }
  return inner;
}

/** Files of every kind that arrive, honest and hostile; `url` stands in some of them. */
export async function uploadSeeds(provenance: Provenance, url: string): Promise<ReadonlyMap<string, Buffer>> {
  const plain = await plainPng(48);
  const signed = async (format: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif') =>
    Buffer.from((await provenance.sign({ bytes: await picture(format, 48), format, manifest: FACTS })).bytes);
  const parent = await signed('jpeg');
  const tampered = Buffer.from(parent);
  tampered.writeUInt8(tampered.readUInt8(tampered.length - 20) ^ 1, tampered.length - 20);
  const edited = await provenance.sign({
    bytes: await picture('png', 48),
    format: 'png',
    manifest: { ...FACTS, origin: { kind: 'edited', parent: { bytes: tampered, format: 'jpeg' } } },
  });
  const remote = xmpPacket('').replace('rdf:about=""', `rdf:about="" dcterms:provenance="${url}/m.c2pa"`);
  const huge = Buffer.alloc(8);
  huge.writeUInt32BE(0x7fffffff);
  huge.write('jumb', 4);
  return new Map([
    ...(await Promise.all(
      (['png', 'jpeg', 'webp', 'gif', 'avif'] as const).map(async (format) => [`signed ${format}`, await signed(format)] as const),
    )),
    ['edited over a tampered parent', Buffer.from(edited.bytes)],
    ['remote manifest', withChunks(plain, xmpChunk(remote))],
    ['entity', withChunks(plain, xmpChunk(`<!DOCTYPE x [<!ENTITY x SYSTEM "${url}/dtd">]>${xmpPacket('&x;')}`))],
    ['svg that loads', svg(`<image href="${url}/x.png" width="9" height="9"/>`)],
    ['generator text', withChunks(plain, textChunk('parameters', 'x\nSteps: 9, Sampler: Euler, Model: m'))],
    ['hidden text', await stealthPng('{"Software":"NovelAI"}', 64)],
    ['archive behind', Buffer.concat([plain, smallZip()])],
    [
      'web page behind',
      Buffer.concat([await sharp(plain).jpeg().toBuffer(), Buffer.from(`<html><script src="${url}/x.js"></script></html>`)]),
    ],
    ['boxes in boxes', withChunks(plain, chunk('caBX', boxBomb(3_000)))],
    ['a box of gigabytes', withChunks(plain, chunk('caBX', huge))],
    ['ten thousand manifests', withChunks(plain, ...Array.from({ length: 10_000 }, () => chunk('caBX', boxBomb(1))))],
    ['tiff', await sharp(plain).tiff().toBuffer()],
    ['words', Buffer.from('a letter, and no picture')],
    ['nothing', Buffer.alloc(0)],
  ]);
}

/** One to four changes: bytes flipped, filled, cut, repeated or put in, or a length made extreme. */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  const below = (n: number) => Math.floor(random() * n);
  let out = Buffer.from(bytes);
  for (let i = 1 + below(4); i > 0; i--) {
    const at = below(out.length);
    const span = 1 + below(64);
    switch (below(6)) {
      case 0:
        if (out.length > 0) out.writeUInt8(below(256), at);
        break;
      case 1:
        out.fill(below(2) * 255, at, Math.min(out.length, at + span));
        break;
      case 2:
        out = out.subarray(0, at);
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + span), out.subarray(at)]);
        break;
      case 4:
        out = Buffer.concat([out.subarray(0, at), Buffer.from(Array.from({ length: span }, () => below(256))), out.subarray(at)]);
        break;
      default:
        if (out.length > 4) out.writeUInt32BE([0, 1, 0xffffffff, 0x7fffffff][below(4)] ?? 0, Math.min(at, out.length - 4));
    }
    out = Buffer.from(out);
  }
  return out;
}

export interface FuzzResult {
  readonly files: number;
  /** How often each verdict and each main situation came. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly situations: Readonly<Record<string, number>>;
  /** Signed files that stayed trusted although they were changed, by seed. */
  readonly stillTrusted: Readonly<Record<string, number>>;
  readonly threw: readonly string[];
  readonly unanswered: number;
  readonly slowestMs: number;
  readonly slowest: string;
  readonly outgoingRequests: number;
  /** Of this process, without its workers, at the end. */
  readonly rssMb: number;
}

/** Asks about mutated uploads, two at a time as the gateway does, with a server listening at the address that they name. */
export async function fuzzUploads(count: number, seed: number, onProgress: (done: number) => void = () => {}): Promise<FuzzResult> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signer, rootPem } = await testPki();
  const provenance = createProvenance({ signer, trustAnchorsPem: rootPem });
  const pool = createWorkerPool({ size: 2 });
  const nothing = async () => null;
  const parts = {
    provenance,
    readTraces: createTraceReader({ pool, keys: [], inspector: { remember: () => undefined } }),
    findCandidates: async () => [],
    takedownOf: nothing,
    recognizeMark: async () => ({ kind: 'absent' as const }),
    recordedMark: async () => ({ state: 'unmarked' as const, mark: null }),
    findReattached: nothing,
    parentsOf: async () => [],
    store: { find: nothing, findIntent: nothing, artifact: nothing, artifactByHash: nothing, finalArtifacts: async () => [] },
  };
  const seeds = [...(await uploadSeeds(provenance, url))];
  const random = seededRandom(seed);
  const counts = { verdicts: new Map<string, number>(), situations: new Map<string, number>(), stillTrusted: new Map<string, number>() };
  const add = (to: Map<string, number>, key: string) => to.set(key, (to.get(key) ?? 0) + 1);
  const threw: string[] = [];
  let [slowestMs, slowest, next, done] = [0, '', 0, 0];
  const worker = async () => {
    for (let i = next++; i < count; i = next++) {
      const [name, original] = seeds[i % seeds.length]!;
      // The first round is of the files as they are.
      const bytes = i < seeds.length ? original : mutate(original, random);
      const startedAt = performance.now();
      try {
        const report = await verifyFile(bytes, parts);
        add(counts.verdicts, report.verdict);
        add(counts.situations, situationsOf({ ...report, isTakenDown: false, knownBad: 'not-listed' }, 'camera')[0]);
        if (i >= seeds.length && report.c2pa.state === 'trusted' && !bytes.equals(original)) add(counts.stillTrusted, name);
      } catch (error) {
        threw.push(`${i} ${name}: ${error instanceof Error ? error.message : 'unknown'}`);
      }
      const ms = performance.now() - startedAt;
      if (ms > slowestMs) [slowestMs, slowest] = [ms, `${i} ${name}`];
      onProgress(++done);
    }
  };
  await Promise.all([worker(), worker()]);
  await Promise.all([provenance.close(), pool.close()]);
  server.close();
  return {
    files: count,
    verdicts: Object.fromEntries(counts.verdicts),
    situations: Object.fromEntries(counts.situations),
    stillTrusted: Object.fromEntries(counts.stillTrusted),
    threw,
    unanswered: threw.length,
    slowestMs: Math.round(slowestMs),
    slowest,
    outgoingRequests: asked.length,
    rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
  };
}
