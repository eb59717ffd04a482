import { createHash } from 'node:crypto';
import type { Cleared } from '../contracts/cleared.ts';
import { newId } from '../contracts/ids.ts';
import type { RawImage, RenderEvent } from '../contracts/image-model.ts';
import type { Ended, Outcome, Prechecked, Rendered, SealedArtifact } from '../contracts/stages.ts';
import type { ParameterNote } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { type AttemptParts, attempts } from './attempts.ts';
import { recordEnd, recordShut } from './record-end.ts';
import type { SlowLane } from './slow-lane.ts';

export interface GenerateParts extends AttemptParts {
  readonly evidence: EvidenceStore;
  readonly toRaster: ToRaster;
  readonly modelTimeoutMs: number;
  readonly slowLane: SlowLane;
}

/** Without a reason of ours every abort makes a DOMException with a stack: 20 µs for nothing. */
const OVER = new Error('the rendering is over');

/** Turns what detectors and callers cannot take as it is (SVG, GIF) into plain pixels; gives everything else back. */
export type ToRaster = (bytes: Uint8Array) => Promise<{ bytes: Uint8Array; format: SealedArtifact['format']; changed: boolean }>;

/**
 * Runs the model, or one that stands in for it, seals each picture before anything else sees it, and yields frames: partial ones first, the end
 * result last. A refusal or a failure is in the ledger before it is yielded as `ended`.
 */
export async function* generate(cleared: Cleared<Prechecked>, parts: GenerateParts): AsyncGenerator<Rendered | Ended, void> {
  const turnedAway = await turnAway(cleared, parts);
  if (turnedAway !== null) {
    yield { kind: 'ended', outcome: turnedAway };
    return;
  }
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error('model deadline')), parts.modelTimeoutMs);
  try {
    for await (const { event, model, notes } of attempts(cleared, stop.signal, parts)) {
      if (event.kind === 'refused' || event.kind === 'failed') {
        yield {
          kind: 'ended',
          outcome: await recordEnd(cleared, stop.signal.aborted ? overdue(event) : event, { ...parts, model: model.name }),
        };
        return;
      }
      yield await seal(cleared, event, { ...parts, notes, model: model.name });
      if (event.kind === 'final') return;
    }
    const silent = {
      kind: 'failed' as const,
      failure: { cause: 'garbage' as const, retryable: false, reachedModel: true, detail: 'the adapter ended without a result' },
    };
    yield { kind: 'ended', outcome: await recordEnd(cleared, silent, { ...parts, model: cleared.submission.request.model }) };
  } finally {
    clearTimeout(timer);
    stop.abort(OVER);
  }
}

/** Before anything is paid for: whom policy slows waits; a gate or a switch may be shut by now, and users whom upstreams keep refusing rest. */
async function turnAway(cleared: Cleared<Prechecked>, parts: GenerateParts): Promise<Outcome | null> {
  const { submission, decision } = cleared;
  const { delaySeconds } = decision.obligations;
  if (delaySeconds !== undefined && !(await parts.slowLane.wait(delaySeconds * 1_000)))
    return recordShut(cleared, { code: 'RATE_LIMITED', retryAfterMs: delaySeconds * 1_000 }, parts);
  const shut = await parts.capabilities.shutFor(submission);
  if (shut !== null) return recordShut(cleared, { code: shut }, parts);
  const user = parts.pseudonymOf(submission);
  const retryAfterMs = user === null ? 0 : parts.refusals.restOf(user);
  return retryAfterMs === 0 ? null : recordShut(cleared, { code: 'RATE_LIMITED', retryAfterMs }, parts);
}

/** An adapter that we stopped only knows that it was cut off; why is known here. */
function overdue(event: Extract<RenderEvent, { kind: 'refused' | 'failed' }>): Extract<RenderEvent, { kind: 'refused' | 'failed' }> {
  return event.kind === 'failed' ? { ...event, failure: { ...event.failure, cause: 'timed_out', retryable: false } } : event;
}

type Frame = Extract<RenderEvent, { kind: 'partial' | 'final' }>;

interface Sealing extends Pick<GenerateParts, 'journal' | 'evidence' | 'toRaster'> {
  readonly notes: readonly ParameterNote[];
  /** That made it. */
  readonly model: string;
}

async function seal(cleared: Cleared<Prechecked>, event: Frame, { notes, model, ...parts }: Sealing): Promise<Rendered> {
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
        model,
        ...(decision.obligations.conservative === true ? { conservative: true } : {}),
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
    ...(model === submission.request.model ? {} : { madeBy: model }),
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
