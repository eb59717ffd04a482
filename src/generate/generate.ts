import { createHash } from 'node:crypto';
import type { Cleared } from '../contracts/cleared.ts';
import { newId } from '../contracts/ids.ts';
import type { ImageModel, RawImage, RenderEvent, RenderRequest } from '../contracts/image-model.ts';
import type { Ended, Prechecked, Rendered, SealedArtifact } from '../contracts/stages.ts';
import { LABEL_PARAMETER, type ParameterNote } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { recordEnd } from './record-end.ts';

export interface GenerateParts {
  readonly models: ReadonlyMap<string, ImageModel>;
  readonly policy: Pick<CompiledPolicy, 'clamp' | 'ref'>;
  readonly evidence: EvidenceStore;
  readonly journal: Journal;
  readonly toRaster: ToRaster;
  readonly modelTimeoutMs: number;
}

/** Without a reason of ours every abort makes a DOMException with a stack: 20 µs for nothing. */
const OVER = new Error('the rendering is over');

/** Turns what detectors and callers cannot take as it is (SVG, GIF) into plain pixels; gives everything else back. */
export type ToRaster = (bytes: Uint8Array) => Promise<{ bytes: Uint8Array; format: SealedArtifact['format']; changed: boolean }>;

/**
 * Runs the model, seals each picture before anything else sees it, and yields frames: partial ones first, the end
 * result last. A refusal or a failure of the model is in the ledger before it is yielded as `ended`.
 */
export async function* generate(cleared: Cleared<Prechecked>, parts: GenerateParts): AsyncGenerator<Rendered | Ended, void> {
  const { submission } = cleared;
  const model = parts.models.get(submission.request.model);
  if (model === undefined) throw new Error(`no model is configured under the name ${submission.request.model}`);
  const { request, notes } = toRenderRequest(cleared, model, parts);

  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error('model deadline')), parts.modelTimeoutMs);
  try {
    for await (const event of model.render(request, stop.signal)) {
      if (event.kind === 'refused' || event.kind === 'failed') {
        yield { kind: 'ended', outcome: await recordEnd(cleared, stop.signal.aborted ? overdue(event) : event, parts) };
        return;
      }
      yield await seal(cleared, event, notes, parts);
      if (event.kind === 'final') return;
    }
    const silent = {
      kind: 'failed' as const,
      failure: { cause: 'garbage' as const, retryable: false, reachedModel: true, detail: 'the adapter ended without a result' },
    };
    yield { kind: 'ended', outcome: await recordEnd(cleared, silent, parts) };
  } finally {
    clearTimeout(timer);
    stop.abort(OVER);
  }
}

/** An adapter that we stopped only knows that it was cut off; why is known here. */
function overdue(event: Extract<RenderEvent, { kind: 'refused' | 'failed' }>): Extract<RenderEvent, { kind: 'refused' | 'failed' }> {
  return event.kind === 'failed' ? { ...event, failure: { ...event.failure, cause: 'timed_out', retryable: false } } : event;
}

function toRenderRequest({ submission }: Cleared<Prechecked>, model: ImageModel, { policy }: GenerateParts) {
  const { prompt, operation, n, inputs, partialImages, stream, outputFormat, parameters } = submission.request;
  const { [LABEL_PARAMETER]: _ours, ...theirs } = parameters;
  const clamped = policy.clamp(theirs);
  const endUser = clamped.parameters['safety_identifier'] ?? clamped.parameters['user'];
  const request: RenderRequest = {
    operation,
    prompt,
    n,
    inputs,
    partialImages,
    stream,
    outputFormat,
    parameters: clamped.parameters,
    ...(typeof endUser === 'string' ? { endUser } : {}),
  };
  const notes = [...submission.notes, ...clamped.notes, ...model.plan(request).notes];
  return { request, notes };
}

type Frame = Extract<RenderEvent, { kind: 'partial' | 'final' }>;

async function seal(cleared: Cleared<Prechecked>, event: Frame, notes: readonly ParameterNote[], parts: GenerateParts): Promise<Rendered> {
  const { submission, decision } = cleared;
  const images = event.kind === 'final' ? event.images : [event.image];
  const createdAt = new Date().toISOString();
  const sealed = await Promise.all(images.map((image) => sealOne(image, parts.evidence)));

  await parts.journal.record(
    {
      artifacts: sealed.map(({ id, blob, sha256 }, position) => ({
        id,
        generation_id: submission.id,
        position,
        kind: event.kind,
        raw_sha256: sha256,
        raw_blob: blob,
        created_at: createdAt,
      })),
    },
    [
      {
        kind: 'artifacts.sealed',
        generation: submission.id,
        frame: event.kind,
        model: submission.request.model,
        artifacts: sealed.map(({ id, sha256 }) => ({ id, raw_sha256: sha256 })),
      },
    ],
  );
  const artifacts = await Promise.all(sealed.map((one, position) => look(one, position, parts.toRaster)));
  const [first] = artifacts;
  const format = first?.artifact.format ?? 'png';
  const isOtherFormat = artifacts.some(({ changed }) => changed) && format !== submission.request.outputFormat;
  return {
    kind: 'rendered',
    submission,
    promptDecision: decision.id,
    promptFindings: cleared.findings,
    isLabelAsked: decision.obligations.label,
    frame: event.kind === 'partial' ? { kind: 'partial', index: event.index } : { kind: 'final' },
    artifacts: artifacts.map(({ artifact }) => artifact),
    usage: event.kind === 'final' ? event.usage : null,
    modelVersion: event.kind === 'final' ? event.modelVersion : '',
    details: event.kind === 'final' ? (event.details ?? {}) : {},
    notes: isOtherFormat ? [...notes, { name: 'output_format', what: 'clamped', to: format }] : notes,
  };
}

async function sealOne(image: RawImage, evidence: EvidenceStore) {
  const id = newId('art');
  const { blob, sha256 } = await evidence.seal({ id, kind: 'raw_artifact', bytes: image.bytes });
  return { id, blob, sha256, image };
}

async function look({ id, image, sha256 }: Awaited<ReturnType<typeof sealOne>>, position: number, toRaster: ToRaster) {
  const { bytes, format, changed } = await toRaster(image.bytes);
  const artifact: SealedArtifact = {
    id,
    position,
    bytes,
    sha256: changed ? createHash('sha256').update(bytes).digest('hex') : sha256,
    format,
    ...(image.revisedPrompt === undefined ? {} : { revisedPrompt: image.revisedPrompt }),
  };
  return { artifact, changed };
}
