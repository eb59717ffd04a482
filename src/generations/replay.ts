import { setTimeout as sleep } from 'node:timers/promises';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Outcome, Published, PublishedArtifactWithBytes } from '../contracts/stages.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { ArtifactRecord, GenerationRecord, GenerationStore } from './generation-store.ts';
import type { Run } from './run.ts';

export interface ReplayParts {
  readonly store: GenerationStore;
  readonly evidence: EvidenceStore;
  /** Why a picture must not be spread any more; null while it may. */
  readonly takedownOf: (artifactId: ArtifactRecord['id']) => Promise<object | null>;
  /** How long to wait for a generation that another process is working on. */
  readonly patienceMs: number;
}

const POLL_MS = 200;

/** Answers an earlier generation again: its stored outcome, and its published pictures from the evidence store. */
export function createReplay(parts: ReplayParts) {
  const { store, patienceMs } = parts;
  return async (record: GenerationRecord): Promise<Run> => {
    const outcome = settled(record, store, patienceMs);
    outcome.catch(() => undefined);
    return { id: record.id, replayed: true, outcome, frames: () => frames(outcome, parts) };
  };
}

async function settled(record: GenerationRecord, store: GenerationStore, patienceMs: number): Promise<Outcome> {
  const giveUpAt = Date.now() + patienceMs;
  for (let current: GenerationRecord | null = record; current !== null; current = await store.find(record.id)) {
    if (current.state !== 'running' && current.outcome !== null) return current.outcome;
    if (Date.now() > giveUpAt) break;
    await sleep(POLL_MS);
  }
  throw new ImprimaturError('MODEL_TIMED_OUT', { detail: `${record.id} is still running elsewhere` });
}

async function* frames(outcome: Promise<Outcome>, { store, evidence, takedownOf }: ReplayParts): AsyncIterable<Published> {
  const ended = await outcome;
  if (ended.kind !== 'published') return;
  const artifacts = await Promise.all(
    ended.artifacts.map(async (facts): Promise<PublishedArtifactWithBytes> => {
      const record = await store.artifact(facts.id);
      if (record === null || (await takedownOf(record.id)) !== null) throw new ImprimaturError('ARTIFACT_UNAVAILABLE');
      return { ...facts, bytes: await openPublished(record, evidence) };
    }),
  );
  const { decisionId, policy, notes, details } = ended;
  yield { frame: { kind: 'final' }, artifacts, decisionId, policy, notes, details, outcome: ended };
}

/**
 * The bytes of a published artifact.
 * @throws ImprimaturError ARTIFACT_UNAVAILABLE when it was never published; EVIDENCE_UNREADABLE when its blob is damaged.
 */
export async function openPublished(record: ArtifactRecord, evidence: EvidenceStore): Promise<Uint8Array> {
  if (record.published === null) throw new ImprimaturError('ARTIFACT_UNAVAILABLE');
  return evidence.open({ blob: record.published.blob, id: record.id, kind: 'published' });
}
