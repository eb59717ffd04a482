import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../contracts/finding.ts';
import { anAnalyzed, anArtifact, aPrechecked, aRendered, aSubmission } from '../contracts/stages.fixture.ts';
import type { Judgeable } from '../contracts/stages.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import { recordingJournal } from '../ledger/recording-journal.fixture.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, policyText } from '../policy/policy.fixture.ts';
import { decide, isCleared, isWithheldFrame } from './decide.ts';
import { outcomeOf } from './outcome-of.ts';

const policy = loadPolicy(await policyText('standard'), { checks: CHECKS });
const strict = loadPolicy(await policyText('strict'), { checks: CHECKS });

function parts(pack = policy) {
  return { policy: pack, journal: recordingJournal(), evidence: memoryEvidence(), instanceId: 'ins_here' };
}

const PROMPT = { kind: 'prompt' } as const;
const PICTURE = { kind: 'artifact', index: 0 } as const;
const says = (subject: Finding['subject'], category: 'hate' | 'sexual_minors' | 'known_bad' | 'brand_safety', score: number): Finding => ({
  kind: 'signals',
  check: subject.kind === 'prompt' ? 'prompt-rules' : 'known-hashes',
  subject,
  durationMs: 1,
  signals: [{ category, score, reason: 'planted' }],
});
const plus = <Subject extends Judgeable>(judged: Subject, ...more: Finding[]): Subject => ({
  ...judged,
  findings: [...judged.findings, ...more],
});
const partial = () => aRendered({ frame: { kind: 'partial', index: 0 } });

const failure = fc.record({
  kind: fc.constant('failed' as const),
  check: fc.constantFrom('prompt-rules', 'file-sanity', 'known-hashes', 'somebody-new'),
  subject: fc.constantFrom(PROMPT, PICTURE),
  durationMs: fc.constant(1),
  cause: fc.constantFrom('threw' as const, 'timed_out' as const, 'missing' as const, 'garbled' as const),
  detail: fc.constant('planted'),
});
/** A check that answered, but with something from which nothing follows. */
const unclear = fc.record({
  kind: fc.constant('signals' as const),
  check: fc.constantFrom('prompt-rules', 'file-sanity', 'somebody-new'),
  subject: fc.constantFrom(PROMPT, PICTURE),
  durationMs: fc.constant(1),
  signals: fc.tuple(
    fc.record({
      category: fc.constantFrom('hate' as const, 'ip' as const),
      score: fc.constantFrom(Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY),
      reason: fc.constant('planted'),
    }),
  ),
});
const judgeable = fc
  .constantFrom(
    aPrechecked,
    () => anAnalyzed(),
    () => anAnalyzed(partial()),
  )
  .map((make): Judgeable => make());

describe('deciding', () => {
  it('clears what every check looked at and found nothing in', async () => {
    for (const judged of [aPrechecked(), anAnalyzed(), anAnalyzed(partial())]) {
      const decided = await decide<Judgeable>(judged, parts());
      expect(decided.decision.action).toBe('allow');
      expect(isCleared(decided)).toBe(true);
    }
  });

  it('never clears anything when one check could not tell, whichever it was and however it failed', async () => {
    await fc.assert(
      fc.asyncProperty(judgeable, fc.oneof(failure, unclear), fc.constantFrom(policy, strict), async (judged, failed, pack) => {
        const decided = await decide<Judgeable>(plus(judged, failed), parts(pack));
        expect(isCleared(decided)).toBe(false);
        expect(['hold', 'block']).toContain(decided.decision.action);
      }),
      { numRuns: 40 },
    );
  });

  it('never clears anything that no check looked at', async () => {
    for (const judged of [aPrechecked(), anAnalyzed(), anAnalyzed(partial())]) {
      expect(isCleared(await decide<Judgeable>({ ...judged, findings: [] }, parts()))).toBe(false);
    }
  });

  it('never clears anything of which a finding is owed that did not come', async () => {
    const owed = { ...aPrechecked(), expected: [{ check: 'prompt-rules', subject: { kind: 'input_image' as const, index: 3 } }] };
    expect(isCleared(await decide(owed, parts()))).toBe(false);
  });

  it('is over only when it is written down, and does not decide when it cannot be', async () => {
    const healthy = parts();
    await decide(aPrechecked(), healthy);
    expect(healthy.journal.acts).toHaveLength(1);
    const trouble = new Error('the disk is full');
    const broken = parts();
    broken.journal.break(trouble);
    await expect(decide(aPrechecked(), broken)).rejects.toBe(trouble);
    await expect(decide(anAnalyzed(), broken)).rejects.toBe(trouble);
  });

  it('keeps a picture from the model’s own stream inside while a person should see it, and lets nothing else pass so', async () => {
    const held = await decide(plus(anAnalyzed(partial()), says(PICTURE, 'hate', 0.6)), parts());
    expect([held.decision.action, isWithheldFrame(held), isCleared(held)]).toEqual(['hold', true, false]);
    expect(held.decision.caseId).toBeUndefined();
    const blocked = await decide(plus(anAnalyzed(partial()), says(PICTURE, 'known_bad', 1)), parts());
    expect([blocked.decision.action, isWithheldFrame(blocked), isCleared(blocked)]).toEqual(['block', false, false]);
    const final = await decide(plus(anAnalyzed(), says(PICTURE, 'hate', 0.6)), parts());
    expect([final.decision.action, isWithheldFrame(final), isCleared(final)]).toEqual(['hold', false, false]);
  });

  it('keeps the visible label for which the prompt asked, whatever the pixels show', async () => {
    const asked = await decide(anAnalyzed(aRendered({ isLabelAsked: true })), parts());
    expect([asked.decision.action, asked.decision.obligations.label]).toEqual(['allow', true]);
    expect((await decide(anAnalyzed(), parts())).decision.obligations.label).toBe(false);
  });

  it('says who decided, at which stage, by which policy, and when', async () => {
    const before = Date.now();
    const { decision } = await decide(anAnalyzed(), parts());
    expect(decision).toMatchObject({ stage: 'output', decidedBy: { kind: 'policy' }, policy: policy.ref });
    expect(decision.decidedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(decision.id).toMatch(/^dec_/);
  });
});

describe('what a decision writes', () => {
  it('is the generation, its decision and the ledger entry in one act', async () => {
    const given = parts();
    const submission = aSubmission({ idempotencyKey: 'once' });
    const { decision } = await decide(aPrechecked(submission), given);
    expect(given.journal.acts).toMatchObject([
      {
        generation: { id: submission.id, state: 'running', answer: null, owner: 'ins_here', idempotency_key: 'once', key_id: 'key_one' },
        decision: { id: decision.id, generation_id: submission.id, action: 'allow', stage: 'prompt' },
      },
    ]);
    expect(given.journal.acts[0]).not.toHaveProperty('openCase');
    expect(given.journal.entries()).toMatchObject([
      { kind: 'decision.made', generation: submission.id, decision: decision.id, action: 'allow', by: 'policy', stage: 'prompt' },
    ]);
  });

  it('keeps the prompt, the pictures and their digests out of the ledger and out of the rows', async () => {
    const given = parts();
    const inputs = [{ index: 0, role: 'image' as const, bytes: new Uint8Array([9, 9]), sha256: 'b'.repeat(64) }];
    const submission = aSubmission({ request: { prompt: 'a very particular teapot', inputs } });
    await decide(aPrechecked(submission), given);
    const written = JSON.stringify([given.journal.acts, given.journal.entries()]);
    expect(written).not.toContain('teapot');
    expect(written).not.toContain('b'.repeat(64));
    expect(given.journal.entries()).toMatchObject([
      { prompt: expect.stringMatching(/^hmac-sha256:/), inputs: [expect.stringMatching(/^hmac-sha256:/)] },
    ]);
  });

  it('ends a blocked prompt as refused, with the answer to give again', async () => {
    const given = parts();
    const decided = await decide(plus(aPrechecked(), says(PROMPT, 'sexual_minors', 0.3)), given);
    expect(given.journal.acts).toMatchObject([
      { generation: { state: 'refused', answer: outcomeOf(decided) }, decision: { action: 'block' } },
    ]);
  });

  it('opens a case for what is held, and names it in the answer and in the ledger', async () => {
    for (const [judged, at] of [
      [plus(aPrechecked(), says(PROMPT, 'hate', 0.6)), 'generation'],
      [plus(anAnalyzed(), says(PICTURE, 'hate', 0.6)), 'generationUpdate'],
    ] as const) {
      const given = parts();
      const { decision } = await decide<Judgeable>(judged, given);
      expect(decision.caseId).toMatch(/^case_/);
      expect(given.journal.acts).toMatchObject([
        {
          [at]: { state: 'held', answer: { kind: 'held', caseId: decision.caseId } },
          openCase: { id: decision.caseId, decision_id: decision.id, stage: judged.stage },
        },
      ]);
      expect(given.journal.entries()).toMatchObject([{ case: decision.caseId }]);
    }
  });

  it('leaves a generation running after a cleared picture or a withheld frame, and ends it at a blocked one', async () => {
    const update = async (judged: Judgeable) => {
      const given = parts();
      await decide(judged, given);
      return given.journal.acts[0]?.generationUpdate;
    };
    expect(await update(anAnalyzed())).toBeUndefined();
    expect(await update(plus(anAnalyzed(partial()), says(PICTURE, 'hate', 0.6)))).toBeUndefined();
    for (const rendered of [aRendered(), partial()]) {
      expect(await update(plus(anAnalyzed(rendered), says(PICTURE, 'known_bad', 1)))).toMatchObject({
        id: rendered.submission.id,
        from: ['running'],
        state: 'refused',
        intent_released: false,
      });
    }
  });

  it('names every picture that was judged', async () => {
    const given = parts();
    const artifacts = [anArtifact(), anArtifact({ position: 1 })];
    const second = { kind: 'artifact', index: 1 } as const;
    const quiet = ['file-sanity', 'known-hashes', 'nudity', 'faces', 'person-match', 'edit-anomaly'].map(
      (check): Finding => ({ kind: 'signals', check, subject: second, durationMs: 1, signals: [] }),
    );
    await decide(plus(anAnalyzed(aRendered({ artifacts })), ...quiet), given);
    expect(given.journal.entries()).toMatchObject([{ action: 'allow', artifacts: artifacts.map(({ id }) => id) }]);
  });
});
