import { UNLIMITED } from './access/limits/unlimited.fixture.ts';
import { OPEN_TO_ALL } from './access/open-to-all.fixture.ts';
import { IN_GOOD_STANDING } from './access/standing/in-good-standing.fixture.ts';
import { UNWATCHED } from './behavior/unwatched.fixture.ts';
import type { Category } from './contracts/category.ts';
import type { CheckInput } from './contracts/check.ts';
import type { Finding } from './contracts/finding.ts';
import type { RenderEvent } from './contracts/image-model.ts';
import { silence } from './contracts/stages.fixture.ts';
import type { Judged, Published } from './contracts/stages.ts';
import type { Submission } from './contracts/submission.ts';
import { memoryEvidence } from './evidence/memory-evidence.fixture.ts';
import { createSlowLane } from './generate/slow-lane.ts';
import { recordingJournal } from './ledger/recording-journal.fixture.ts';
import { carefree } from './models/care/carefree.fixture.ts';
import { runPipeline, type Toolbox } from './pipeline.ts';
import { loadPolicy } from './policy/load-policy.ts';
import { CHECKS, policyText } from './policy/policy.fixture.ts';
import { UNKEPT_MEMORY } from './prompts/conversation/absent-memory.ts';

const policy = loadPolicy(await policyText('standard'), { checks: CHECKS });
export const PICTURE = Buffer.from('picture');

/** One finished picture. */
export const FINAL: RenderEvent = { kind: 'final', images: [{ bytes: PICTURE }], usage: null, modelVersion: 'studio-1' };
export const partialFrame = (index: number): RenderEvent => ({ kind: 'partial', index, image: { bytes: Buffer.from(`frame ${index}`) } });

export const planted = (subject: Finding['subject'], category: Category, score: number, reason = 'planted'): Finding => ({
  kind: 'signals',
  check: 'planted',
  subject,
  durationMs: 1,
  signals: [{ category, score, reason }],
});
export const failed = (subject: Finding['subject']): Finding => ({
  kind: 'failed',
  check: 'known-hashes',
  subject,
  durationMs: 1,
  cause: 'timed_out',
  detail: '',
});

export interface Scene {
  /** What the model yields. */
  readonly events?: readonly RenderEvent[];
  /** What the checks say besides finding nothing. */
  readonly find?: (input: CheckInput) => readonly Finding[];
  readonly tools?: Partial<Toolbox>;
}

/** The whole pipeline with the real policy, journal and evidence; checks, model and signer do as they are told and are noted in `steps`. */
export function stage({ events = [FINAL], find = () => [], tools = {} }: Scene = {}) {
  const steps: string[] = [];
  const recording = recordingJournal();
  const models: Toolbox['models'] = new Map([
    [
      'studio',
      {
        name: 'studio',
        kind: 'scripted',
        operations: ['generate'] as const,
        plan: () => ({ notes: [] }),
        async *render() {
          for (const event of events) {
            steps.push(`model: ${event.kind}`);
            yield event;
          }
        },
      },
    ],
  ]);
  const toolbox: Toolbox = {
    capabilities: OPEN_TO_ALL,
    standing: IN_GOOD_STANDING,
    limits: UNLIMITED,
    behavior: UNWATCHED,
    slowLane: createSlowLane({ most: 4 }),
    ...carefree(models),
    policy,
    instanceId: 'ins_here',
    evidence: memoryEvidence(),
    journal: {
      ...recording,
      async record(rows, entries) {
        await recording.record(rows, entries);
        steps.push(...entries.map(({ kind }) => kind));
      },
    },
    checks: {
      checks: [],
      async run(inputs): Promise<Judged> {
        steps.push(`looked at ${inputs.map(({ subject }) => subject.kind).join(', ')}`);
        return { findings: inputs.flatMap((input) => [...silence(input.subject), ...find(input)]), expected: [] };
      },
    },
    models,
    modelTimeoutMs: 5_000,
    toRaster: async (bytes) => ({ bytes, format: 'png', changed: false }),
    finish: async (bytes, { label }) => ({
      bytes: label === null ? bytes : Buffer.concat([Buffer.from('labelled '), bytes]),
      mark: { kind: 'not_markable', reason: 'undecodable' },
    }),
    findParents: async () => [],
    writeMetadata: (bytes) => bytes,
    fingerprint: async () => null,
    provenance: {
      async sign({ bytes, format }) {
        steps.push('signed');
        return {
          bytes: Buffer.concat([Buffer.from('signed '), bytes]),
          format,
          selfChecked: true,
          inputCodes: [],
          timestamp: { kind: 'off' },
        };
      },
    },
    conversationMemory: UNKEPT_MEMORY,
    promptKey: new Uint8Array(32),
    ...tools,
  };
  return { toolbox, steps, journal: recording };
}

/** Follows the pipeline to its end. */
export async function follow(submission: Submission, toolbox: Toolbox) {
  const released: Published[] = [];
  const stages = runPipeline(submission, toolbox);
  for (;;) {
    const step = await stages.next();
    if (step.done) return { released, outcome: step.value };
    released.push(step.value);
  }
}
