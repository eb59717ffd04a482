import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { anyVerifier } from '../../src/ledger/cosignature.ts';
import { leafHash } from '../../src/ledger/merkle.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import { verifyInclusion } from '../../src/ledger/verify-proof.ts';
import { bytesOf, errorOf, imagesBody, jsonOf, sha256 } from './answers.ts';
import { type ChildCommand, startCommand } from './child-command.ts';
import { openTestGateway, startTestGateway, type TestGateway } from './gateway.ts';
import { answerJson, startUpstream, type Upstream } from './upstream.ts';
import { eventually } from './waiting.ts';

const witnessDir = mkdtempSync(join(tmpdir(), 'imprimatur-witness-'));
let upstream: Upstream;
let gateway: TestGateway;
let witness: ChildCommand | undefined;
let settings: Record<string, unknown>;
let logKey: string;
beforeAll(async () => {
  upstream = await startUpstream();
  settings = { ledgerOrigin: 'test.example/log', models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }] };
  gateway = await startTestGateway(settings);
  logKey = (await read('key')).toString().trim();
});
afterAll(async () => {
  await witness?.stop();
  await gateway?.close();
  await upstream?.close();
  rmSync(witnessDir, { recursive: true, force: true });
});

async function read(path: string): Promise<Buffer> {
  const answer = await fetch(`${gateway.url}/ledger/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

const base64 = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const proofBody = z.object({
  artifact: z.string(),
  index: z.int(),
  tree_size: z.int(),
  leaf_hash: base64,
  entry: base64,
  hashes: z.array(base64),
  checkpoint: z.string(),
});
const proofOf = (artifact: string) =>
  eventually('the ledger takes it in', async () => {
    const answer = await fetch(`${gateway.url}/ledger/proof/${artifact}`);
    return answer.ok ? jsonOf(answer, proofBody) : null;
  });

const generate = (body: object = {}) => gateway.post('/v1/images/generations', { prompt: 'a quexilomar ball', ...body });
const madePicture = async () => {
  const { data } = await jsonOf(await generate(), imagesBody);
  return z.looseObject({ b64_json: z.string(), imprimatur: z.object({ artifact_id: z.string(), sha256: z.string() }) }).parse(data[0]);
};

/** Every entry of the log, once it has the size of the newest checkpoint. */
async function entries(): Promise<Record<string, unknown>[]> {
  const size = Number((await read('checkpoint')).toString().split('\n')[1]);
  const bundle = await read(`tile/entries/000${size % 256 === 0 ? '' : `.p/${size % 256}`}`);
  const found: Record<string, unknown>[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = bundle.readUInt16BE(at);
    found.push(z.record(z.string(), z.unknown()).parse(JSON.parse(bundle.subarray(at + 2, at + 2 + length).toString())));
    at += 2 + length;
  }
  expect(found).toHaveLength(size);
  return found;
}
const entriesOf = (generation: string | null, wanted: string) =>
  eventually(`${wanted} in the ledger`, async () => {
    const own = (await entries()).filter((entry) => entry['generation'] === generation);
    return own.some(({ kind }) => kind === wanted) ? own : null;
  });

describe('a picture that left', () => {
  it('is proved to stand in the log by anybody who has the key of the log', async () => {
    const { imprimatur, b64_json } = await madePicture();
    const proof = await proofOf(imprimatur.artifact_id);

    const opened = openCheckpoint(proof.checkpoint, [anyVerifier(logKey)]);
    if (opened.kind === 'rejected') throw new Error(opened.reason);
    const { origin, size, root } = opened.checkpoint;
    expect({ origin, size }).toEqual({ origin: 'test.example/log', size: proof.tree_size });
    expect(proof.leaf_hash).toEqual(new Uint8Array(leafHash(proof.entry)));
    const claim = { index: proof.index, size, leafHash: proof.leaf_hash, root, proof: proof.hashes };
    expect(verifyInclusion(claim)).toBe(true);
    expect(verifyInclusion({ ...claim, index: claim.index + 1 })).toBe(false);
    expect(verifyInclusion({ ...claim, leafHash: new Uint8Array(32) })).toBe(false);

    expect(JSON.parse(Buffer.from(proof.entry).toString())).toMatchObject({
      kind: 'artifact.published',
      artifact: imprimatur.artifact_id,
      sha256: sha256(bytesOf({ b64_json })),
    });
  });

  it.each(['art_00000000000000000000000000', 'nonsense', 'gen_00000000000000000000000000'])('(%s never did) has no proof', async (id) => {
    expect((await errorOf(await fetch(`${gateway.url}/ledger/proof/${id}`))).code).toBe('not_found');
  });
});

describe('the log', () => {
  it('has an entry for every act on a generation, in the order of the acts', async () => {
    const answer = await generate();
    const kinds = (await entriesOf(answer.headers.get('x-imprimatur-generation-id'), 'artifact.published')).map(({ kind }) => kind);
    expect(kinds).toEqual(['decision.made', 'artifacts.sealed', 'decision.made', 'artifact.published']);
  });

  it('has the refusals too: ours, and those and the failures of the model', async () => {
    const blocked = await generate({ prompt: 'naked schoolgirl' });
    const [decision] = await entriesOf(blocked.headers.get('x-imprimatur-generation-id'), 'decision.made');
    expect(decision).toMatchObject({ stage: 'prompt', action: 'block', decision: blocked.headers.get('x-imprimatur-decision-id') });

    upstream.behave((_request, response) => answerJson(response, 400, { error: { code: 'moderation_blocked', message: 'no' } }));
    await entriesOf((await generate()).headers.get('x-imprimatur-generation-id'), 'model.refused');
    upstream.behave((_request, response) => void response.destroy());
    await entriesOf((await generate()).headers.get('x-imprimatur-generation-id'), 'model.failed');
    upstream.reset();
  });

  it('has the changes of keys, and the start of the gateway', async () => {
    const kinds = (await entries()).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['gateway.started', 'key.created']));
  });

  it('holds no word of a prompt: only a commitment that is worth nothing once the record is deleted', async () => {
    const text = JSON.stringify(await entries());
    expect(text).not.toMatch(/quexilomar|schoolgirl/);
    expect(text).toMatch(/"prompt":"[^"]*[0-9a-f]{64}"/);
  });

  it('verifies as a whole, and extends a checkpoint that was seen earlier, over nothing but HTTP', async () => {
    const since = (await read('checkpoint')).toString();
    const { imprimatur } = await madePicture();
    await proofOf(imprimatur.artifact_id);
    const verified = await verifyLog({ fetch: read, verifierKeys: [logKey], since });
    expect(verified).toMatchObject({ ok: true, problems: [] });
    expect(verified.size).toBeGreaterThan(Number(since.split('\n')[1]));
  });

  it('is found out when a single byte of an entry is another', async () => {
    const forged = async (path: string) => {
      const bytes = await read(path);
      if (path.startsWith('tile/entries/')) bytes[40] = (bytes[40] ?? 0) ^ 1;
      return bytes;
    };
    expect((await verifyLog({ fetch: forged, verifierKeys: [logKey] })).ok).toBe(false);
  });

  it.each(['tile/0/x001/000', 'tile/0/999', 'tile/64/000', 'tile/entries/../checkpoint', 'tile/0/000.p/256'])('has no %s', async (path) => {
    expect((await fetch(`${gateway.url}/ledger/${path}`)).status).toBe(404);
  });
});

describe('a witness (imprimatur witness)', () => {
  it('cosigns the checkpoints of the log, and whoever trusts its key can ask for both signatures', async () => {
    const dir = ['--data-dir', witnessDir];
    witness = startCommand(['witness', '--log-key', logKey, '--name', 'test.example/witness', '--listen', '127.0.0.1:0', ...dir]);
    const url = await witness.said(/ on (http:\S+)/);
    const witnessKey = await witness.said(/^key: (\S+)/m);
    await gateway.stop();
    gateway = await openTestGateway(gateway.dataDir, { ...settings, witnesses: [{ url, key: witnessKey }] });
    await madePicture();
    const verified = await eventually('the witness cosigns', async () => {
      const result = await verifyLog({ fetch: read, verifierKeys: [logKey, witnessKey] });
      return result.ok ? result : null;
    });
    expect(verified.problems).toEqual([]);

    const checkpoint = (await read('checkpoint')).toString();
    const forged = checkpoint.replace(/\n(\d+)\n/, (_all, size) => `\n${Number(size) + 1}\n`);
    const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: `old 0\n\n${forged}` });
    expect(answer.status).toBe(403);
    expect(await witness.stop()).toBe(0);
  });
});
