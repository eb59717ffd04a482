import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capabilities } from './access/capabilities.ts';
import { OPEN_TO_ALL } from './access/open-to-all.fixture.ts';
import { ImprimaturError } from './contracts/errors.ts';
import { aSubmission } from './contracts/stages.fixture.ts';
import type { Journal } from './ledger/journal.ts';
import { loadPolicy } from './policy/load-policy.ts';
import { CHECKS, policyText } from './policy/policy.fixture.ts';
import { FINAL, failed, follow, partialFrame, planted, stage } from './toolbox.fixture.ts';

/** Open for as many questions; then a switch is thrown. */
function thrownAfter(questions: number): Capabilities {
  let left = questions;
  const isThrown = () => left-- <= 0;
  return {
    shutFor: async () => (isThrown() ? 'CAPABILITY_STOPPED' : null),
    stoppedBy: async () => (isThrown() ? 'kill_one' : null),
  };
}

const strict = loadPolicy(await policyText('strict'), { checks: CHECKS });

describe('the pipeline', () => {
  it('looks, decides and writes down before the model is asked, and again before a picture leaves', async () => {
    const { toolbox, steps } = stage();
    const { released, outcome } = await follow(aSubmission(), toolbox);
    expect(steps).toEqual([
      'looked at prompt',
      'decision.made',
      'model: final',
      'artifacts.sealed',
      'looked at artifact',
      'decision.made',
      'signed',
      'artifact.published',
    ]);
    expect(outcome.kind).toBe('published');
    expect(released.flatMap(({ artifacts }) => artifacts.map(({ bytes }) => Buffer.from(bytes).toString()))).toEqual(['signed picture']);
  });

  it('reads nothing, pays for nothing and writes nothing down while what is asked for is stopped', async () => {
    const shut = { shutFor: async () => 'CAPABILITY_STOPPED' as const, stoppedBy: async () => 'kill_one' as const };
    const { toolbox, steps } = stage({ tools: { capabilities: shut } });
    await expect(follow(aSubmission(), toolbox)).rejects.toMatchObject({ code: 'CAPABILITY_STOPPED' });
    expect(steps).toEqual([]);
  });

  it('pays for nothing when a switch is thrown while the prompt is looked at, and lets the same intent come again', async () => {
    const { toolbox, steps, journal } = stage({ tools: { capabilities: thrownAfter(1) } });
    const { outcome } = await follow(aSubmission(), toolbox);
    expect(outcome).toEqual({ kind: 'failed', code: 'CAPABILITY_STOPPED' });
    expect(steps).toEqual(['looked at prompt', 'decision.made', 'generation.stopped']);
    expect(journal.acts.at(-1)?.generationUpdate).toMatchObject({ state: 'failed', intent_released: true });
  });

  it.each([
    ['the model works', thrownAfter(2)],
    ['the picture is being marked', OPEN_TO_ALL],
  ])('holds for a person what was under way when a switch is thrown while %s', async (_, capabilities) => {
    const { toolbox, steps, journal } = stage({ tools: { capabilities } });
    const record: Journal['record'] = async (rows, entries) => {
      if (entries[0].kind === 'artifact.published') throw new ImprimaturError('CAPABILITY_STOPPED');
      await toolbox.journal.record(rows, entries);
    };
    const { released, outcome } = await follow(aSubmission(), { ...toolbox, journal: { ...toolbox.journal, record } });
    expect([released, outcome.kind, steps.at(-1)]).toEqual([[], 'held', 'decision.made']);
    expect(journal.entries().at(-1)).toMatchObject({ action: 'hold', rules: [{ id: 'kill-switch', floor: true }] });
    expect(journal.acts.at(-1)?.openCase).toBeDefined();
  });

  it('sends no further frame of a stream once a switch is thrown', async () => {
    const { toolbox } = stage({ events: [partialFrame(0), partialFrame(1), FINAL], tools: { capabilities: thrownAfter(3) } });
    const { released, outcome } = await follow(aSubmission(), toolbox);
    expect([released.map(({ frame }) => frame), outcome.kind]).toEqual([[{ kind: 'partial', index: 0 }], 'held']);
  });

  it.each([
    ['blocked', () => planted({ kind: 'prompt' }, 'sexual_minors', 1), 'refused'],
    ['held', () => planted({ kind: 'prompt' }, 'hate', 0.6), 'held'],
    ['not to be judged', () => failed({ kind: 'prompt' }), 'held'],
  ])('never asks the model when the prompt is %s', async (_, find, ending) => {
    const { toolbox, steps, journal } = stage({ find: () => [find()] });
    const { released, outcome } = await follow(aSubmission(), toolbox);
    expect(steps).toEqual(['looked at prompt', 'decision.made']);
    expect([released, outcome.kind]).toEqual([[], ending]);
    expect(journal.acts[0]?.generation?.answer).toEqual(outcome);
  });

  it.each([
    ['blocked', () => planted({ kind: 'artifact', index: 0 }, 'known_bad', 1), 'refused'],
    ['held', () => planted({ kind: 'artifact', index: 0 }, 'hate', 0.6), 'held'],
    ['not to be judged', () => failed({ kind: 'artifact', index: 0 }), 'held'],
  ])('neither signs nor releases a picture that is %s', async (_, find, ending) => {
    const { toolbox, steps } = stage({ find: ({ subject }) => (subject.kind === 'artifact' ? [find()] : []) });
    const { released, outcome } = await follow(aSubmission(), toolbox);
    expect(steps.slice(-3)).toEqual(['artifacts.sealed', 'looked at artifact', 'decision.made']);
    expect([released, outcome.kind]).toEqual([[], ending]);
  });

  it('judges every frame of a stream on its own, and keeps back the one that a person should see', async () => {
    const { toolbox } = stage({
      events: [partialFrame(0), partialFrame(1), FINAL],
      find: ({ image, subject }) => (Buffer.from(image ?? []).toString() === 'frame 0' ? [planted(subject, 'hate', 0.6)] : []),
    });
    const { released, outcome } = await follow(aSubmission(), toolbox);
    expect(released.map(({ frame }) => frame)).toEqual([{ kind: 'partial', index: 1 }, { kind: 'final' }]);
    expect(outcome.kind).toBe('published');
  });

  it('holds a picture that cannot bear the invisible mark that policy requires, unsigned, after both decisions', async () => {
    const { toolbox, steps, journal } = stage({ tools: { policy: strict }, events: [partialFrame(0), FINAL] });
    const { released, outcome } = await follow(aSubmission(), toolbox);
    expect([released, outcome.kind]).toEqual([[], 'held']);
    expect(steps.slice(-3)).toEqual(['looked at artifact', 'decision.made', 'decision.made']);
    expect(journal.acts.at(-1)?.decision?.body).toMatchObject({
      action: 'hold',
      rules: [{ rule: 'obligation:watermark', evidence: [{ check: 'watermark', reason: 'undecodable' }] }],
    });
    expect(journal.acts.at(-1)?.openCase).toMatchObject({ stage: 'output' });
  });

  it('ends at the first frame that is blocked, and shows nothing of what would have come', async () => {
    const { toolbox, steps } = stage({
      events: [partialFrame(0), partialFrame(1), FINAL],
      find: ({ image, subject }) => (Buffer.from(image ?? []).toString() === 'frame 1' ? [planted(subject, 'known_bad', 1)] : []),
    });
    const { released, outcome } = await follow(aSubmission(), toolbox);
    expect(released.map(({ frame }) => frame.kind)).toEqual(['partial']);
    expect(outcome.kind).toBe('refused');
    expect(steps).not.toContain('model: final');
  });

  it('does not let a generation pass as finished when the model never finished', async () => {
    const { toolbox } = stage({ events: [partialFrame(0)] });
    expect((await follow(aSubmission(), toolbox)).outcome).toEqual({ kind: 'failed', code: 'MODEL_ANSWER_UNUSABLE' });
  });

  it('puts the visible label on what the policy labels', async () => {
    const { toolbox } = stage({
      find: ({ subject }) => (subject.kind === 'artifact' ? [planted(subject, 'real_person_likeness', 0.5)] : []),
    });
    const { released } = await follow(aSubmission(), toolbox);
    expect(Buffer.from(released[0]?.artifacts[0]?.bytes ?? []).toString()).toBe('signed labelled picture');
  });

  it('releases nothing when any one commit fails', async () => {
    for (const failing of [1, 2, 3, 4]) {
      const { toolbox } = stage();
      let commits = 0;
      const { record } = toolbox.journal;
      const journal = {
        ...toolbox.journal,
        record: (...act: Parameters<typeof record>) =>
          ++commits === failing ? Promise.reject(new ImprimaturError('STORAGE_UNAVAILABLE')) : record(...act),
      };
      await expect(follow(aSubmission(), { ...toolbox, journal })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    }
  });

  it('releases only pictures of which the ledger says that they were allowed, whatever model and checks do', async () => {
    const trouble = fc.constantFrom('none' as const, 'failed' as const, 'hold' as const, 'block' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(trouble, { minLength: 1, maxLength: 4 }), trouble, async (frames, prompt) => {
        const events = frames.map((_, i) => (i === frames.length - 1 ? FINAL : partialFrame(i)));
        let frame = -1;
        const { toolbox, journal } = stage({
          events,
          find({ subject }) {
            const what = subject.kind === 'prompt' ? prompt : frames[++frame];
            if (what === 'failed') return [failed(subject)];
            return what === 'none' ? [] : [planted(subject, 'hate', what === 'hold' ? 0.6 : 1)];
          },
        });
        const { released, outcome } = await follow(aSubmission(), toolbox);
        const allowed = journal
          .entries()
          .flatMap(({ kind, action, artifacts }) => (kind === 'decision.made' && action === 'allow' ? artifacts : []));
        for (const { artifacts } of released) for (const { id } of artifacts) expect(allowed).toContain(id);
        if (prompt !== 'none') expect(released).toEqual([]);
        const cut = frames.findIndex((what, i) => what === 'block' || i === frames.length - 1);
        const passing = prompt === 'none' && frames[cut] === 'none' && cut === frames.length - 1;
        expect(outcome.kind === 'published').toBe(passing);
      }),
      { numRuns: 40 },
    );
  });
});
