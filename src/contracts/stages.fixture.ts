import { createHash } from 'node:crypto';
import type { Admitted } from './admitted.ts';
import type { Cleared, Decided } from './cleared.ts';
import type { Action, Decision } from './decision.ts';
import type { Finding } from './finding.ts';
import { newId } from './ids.ts';
import type { Analyzed, Judgeable, Prechecked, Rendered, SealedArtifact } from './stages.ts';
import type { ImageRequest, Submission } from './submission.ts';

/** Not a picture: for tests that only carry bytes. */
export const BYTES = new Uint8Array([1, 2, 3]);

export function aRequest(more: Partial<ImageRequest> = {}): ImageRequest {
  return {
    operation: 'generate',
    model: 'studio',
    requestedModel: 'gpt-image-1',
    prompt: 'a red ball on a blue table',
    n: 1,
    inputs: [],
    stream: false,
    partialImages: 0,
    responseFormat: 'b64_json',
    outputFormat: 'png',
    parameters: {},
    ...more,
  };
}

export function aSubmission({ request = {}, ...more }: Partial<Omit<Submission, 'request'>> & { request?: Partial<ImageRequest> } = {}) {
  const submission: Submission = {
    id: newId('gen'),
    requestId: newId('req'),
    caller: { keyId: 'key_one', application: 'default', surface: 'api' },
    request: aRequest(request),
    receivedAt: new Date(),
    bodyDigest: 'a'.repeat(64),
    isRetry: false,
    notes: [],
    ...more,
  };
  return submission;
}

/** Every shipped check looked at these subjects and found nothing. */
export function silence(subject: Finding['subject']): readonly Finding[] {
  const checks =
    subject.kind === 'prompt' ? PROMPT_CHECKS : PICTURE_CHECKS.filter((id) => subject.kind === 'artifact' || id !== 'edit-anomaly');
  return checks.map((check) => ({ kind: 'signals', check, subject, durationMs: 1, signals: [] }));
}

const PICTURE_CHECKS = ['file-sanity', 'known-hashes', 'nudity', 'faces', 'person-match', 'edit-anomaly'];
const PROMPT_CHECKS = ['prompt-rules', 'prompt-classifier', 'prompt-gazetteers', 'prompt-conversation', 'prompt-external'];

export function aPrechecked(submission = aSubmission(), findings = silence({ kind: 'prompt' })): Prechecked {
  return { stage: 'prompt', submission, findings, expected: [] };
}

export function anArtifact(more: Partial<SealedArtifact> = {}): SealedArtifact {
  const { bytes = BYTES } = more;
  return { id: newId('art'), position: 0, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), format: 'png', ...more };
}

export function aRendered(more: Partial<Rendered> = {}): Rendered {
  return {
    kind: 'rendered',
    submission: aSubmission(),
    promptDecision: newId('dec'),
    promptFindings: silence({ kind: 'prompt' }),
    isLabelAsked: false,
    frame: { kind: 'final' },
    artifacts: [anArtifact()],
    usage: null,
    modelVersion: 'studio-1',
    details: {},
    notes: [],
    ...more,
  };
}

export function anAnalyzed(rendered = aRendered(), findings = silence({ kind: 'artifact', index: 0 })): Analyzed {
  return { stage: 'output', rendered, findings, expected: [] };
}

export function aDecision(action: Action, more: Partial<Decision> = {}): Decision {
  return {
    id: newId('dec'),
    action,
    stage: 'output',
    policy: { name: 'small', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` },
    rules: [],
    categories: [],
    obligations: { credential: true, label: false, watermark: 'preferred' },
    decidedAt: new Date('2026-11-21T12:00:00.000Z'),
    decidedBy: { kind: 'policy' },
    ...more,
  };
}

/** Stands in for `decide/`, which the tests of the other stages may not import. Shipped code cannot import a fixture. */
export function clearedForTest<Subject extends Judgeable>(judged: Subject, decision: Decision): Cleared<Subject> {
  const decided: Decided<Subject> = { ...judged, decision };
  return decided as Cleared<Subject>;
}

/** Stands in for `admit/`, likewise. */
export function admittedForTest(submission: Submission): Admitted<Submission> {
  return submission as Admitted<Submission>;
}
