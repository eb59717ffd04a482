import { createHash } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Finding } from '../contracts/finding.ts';
import type { GenerationId } from '../contracts/ids.ts';
import type { Analyzed, Prechecked, RenderingFacts } from '../contracts/stages.ts';
import type { ImageFormat } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { GenerationStore } from '../generations/generation-store.ts';
import { openSubmission } from '../generations/open-submission.ts';
import type { GenerationCase } from './case-store.ts';

export interface ReopenParts {
  readonly store: GenerationStore;
  /** What policy was told about prompt and input pictures. */
  readonly promptFindings: (id: GenerationId) => Promise<readonly Finding[]>;
  readonly evidence: EvidenceStore;
  readonly toRaster: (bytes: Uint8Array) => Promise<{ bytes: Uint8Array; format: ImageFormat }>;
}

/** A generation that somebody held or, on appeal, one that was refused: of that nobody wrote down what the model said beside its pictures. */
export interface Reopenable extends Pick<GenerationCase, 'generationId' | 'stage' | 'decisionId'> {
  readonly rendering?: RenderingFacts;
}

/** What was held, out of the evidence store, as it was when it was held. Throws NOT_FOUND or EVIDENCE_UNREADABLE. */
export async function reopen(held: Reopenable, { store, evidence, toRaster, ...parts }: ReopenParts): Promise<Prechecked | Analyzed> {
  const generation = await store.find(held.generationId);
  if (generation === null) throw new ImprimaturError('NOT_FOUND');
  const [submission, promptFindings] = await Promise.all([openSubmission(generation, evidence), parts.promptFindings(generation.id)]);
  if (held.stage === 'prompt') return { stage: 'prompt', submission, findings: promptFindings, expected: [] };

  const rendering = generation.outcome?.kind === 'held' ? generation.outcome.rendering : (held.rendering ?? null);
  if (rendering === null) throw new ImprimaturError('CASE_NOT_OPEN');
  const records = await store.finalArtifacts(generation.id);
  const artifacts = await Promise.all(
    records.map(async ({ id, position, rawBlob }) => {
      const raw = await evidence.open({ blob: rawBlob, id, kind: 'raw_artifact' });
      const { bytes, format } = await toRaster(raw);
      const revisedPrompt = rendering.revisedPrompts[position] ?? null;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { id, position, bytes, sha256, format, ...(revisedPrompt === null ? {} : { revisedPrompt }) };
    }),
  );
  const { madeBy, usage, modelVersion, details, notes } = rendering;
  return {
    stage: 'output',
    rendered: {
      kind: 'rendered',
      submission,
      promptDecision: held.decisionId,
      promptFindings,
      // Whoever releases it asks the held decision itself.
      isLabelAsked: false,
      frame: { kind: 'final' },
      artifacts,
      usage,
      ...(madeBy === undefined ? {} : { madeBy }),
      modelVersion,
      details,
      notes,
    },
    findings: [],
    expected: [],
  };
}
