import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import type { GenerationRecord } from '../generations/generation-store.ts';
import { openSubmission } from '../generations/open-submission.ts';
import { commitment } from '../ledger/entry.ts';
import { sealSubmission } from './seal-submission.ts';

const bytes = Buffer.from('a picture');
const image = { index: 0, role: 'image' as const, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
const submission = aSubmission({
  idempotencyKey: 'once',
  request: {
    operation: 'edit',
    prompt: 'a very particular teapot',
    inputs: [image, { ...image, index: 1, role: 'mask' }],
    parameters: { seed: 5, x: [null, { y: 1 }] },
  },
  notes: [{ name: 'style', what: 'unsupported' }],
});

async function sealed() {
  const evidence = memoryEvidence();
  const made = await sealSubmission(submission, evidence);
  const record: GenerationRecord = {
    id: submission.id,
    keyId: 'key_one',
    surface: 'api',
    model: 'studio',
    operation: 'edit',
    state: 'held',
    bodyDigest: submission.bodyDigest,
    createdAt: submission.receivedAt,
    outcome: null,
    submission: made.sealed,
  };
  return { evidence, record, ...made };
}

describe('a sealed submission', () => {
  it('opens as it was, with its pictures', async () => {
    const { evidence, record } = await sealed();
    const opened = await openSubmission(record, evidence);
    expect({ ...opened, request: { ...opened.request, inputs: [] } }).toEqual({
      ...submission,
      request: { ...submission.request, inputs: [] },
    });
    expect(opened.request.inputs.map(({ role, sha256, bytes: found }) => [role, sha256, Buffer.from(found).toString()])).toEqual([
      ['image', image.sha256, 'a picture'],
      ['mask', image.sha256, 'a picture'],
    ]);
  });

  it('shows whoever steals the row or the blobs nothing of what was written', async () => {
    const { evidence, record, commitments } = await sealed();
    for (const stolen of [record.submission ?? new Uint8Array(), ...evidence.blobs.values()]) {
      expect(Buffer.from(stolen).toString('latin1')).not.toMatch(/teapot|a picture|studio/);
    }
    for (const shown of ['teapot', image.sha256]) expect(JSON.stringify(commitments)).not.toContain(shown);
  });

  it('commits to prompt and pictures under a salt that nobody has who cannot open it', async () => {
    const { commitments } = await sealed();
    const second = await sealed();
    expect(second.commitments.prompt).not.toBe(commitments.prompt);
    expect(commitments.prompt).not.toBe(commitment(new Uint8Array(32), submission.request.prompt));
    expect(commitments.inputs).toHaveLength(2);
  });

  it('does not open as that of another generation, nor damaged, nor deleted', async () => {
    const { evidence, record } = await sealed();
    const damaged = Uint8Array.from(record.submission ?? [], (byte, i) => (i === 60 ? byte ^ 1 : byte));
    for (const wrong of [{ id: 'gen_other' as const }, { submission: damaged }, { submission: null }]) {
      await expect(openSubmission({ ...record, ...wrong }, evidence)).rejects.toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
    }
  });
});
