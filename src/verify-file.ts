import { createHash } from 'node:crypto';
import { isId } from './contracts/ids.ts';
import type { ArtifactRecord, GenerationStore } from './generations/generation-store.ts';
import type { Provenance } from './provenance/provenance.ts';
import type { CredentialReport } from './provenance/read-credential.ts';

/** What we can say about a file. `foreign`: a credential, but not one of ours. */
export type FileVerdict = 'ours-intact' | 'ours-altered' | 'foreign' | 'none';

export interface FileReport {
  readonly verdict: FileVerdict;
  readonly sha256: string;
  readonly c2pa: CredentialReport;
  /** Our record of it: null when the file leads to nothing that we published. */
  readonly record: {
    readonly artifact_id: string;
    readonly generation_id: string;
    readonly published_sha256: string;
    readonly published_at: string;
    readonly surface: string;
    readonly model: string;
    readonly operation: string;
    readonly state: string;
    readonly decision_id: string | null;
    readonly policy: string | null;
  } | null;
}

/** Is this file ours, is it intact, who made it, when, with which model, under which decision? */
export async function verifyFile(
  bytes: Uint8Array,
  { provenance, store }: { provenance: Pick<Provenance, 'verify'>; store: GenerationStore },
): Promise<FileReport> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const c2pa = await provenance.verify(bytes);
  const artifact = (await store.artifactByHash(sha256)) ?? (await claimed(c2pa, store));
  return { verdict: judge(c2pa, artifact, sha256), sha256, c2pa, record: artifact === null ? null : await describe(artifact, store) };
}

/** A claim that is not trusted is only a hint: anybody can write our ids into a file. */
function judge(c2pa: CredentialReport, artifact: ArtifactRecord | null, sha256: string): FileVerdict {
  if (artifact?.published?.sha256 === sha256) return 'ours-intact';
  if (artifact !== null) return 'ours-altered';
  return c2pa.state === 'none' || c2pa.state === 'unreadable' ? 'none' : 'foreign';
}

async function claimed({ claims }: CredentialReport, store: GenerationStore): Promise<ArtifactRecord | null> {
  if (claims === null || !isId('art', claims.artifact)) return null;
  const artifact = await store.artifact(claims.artifact);
  return artifact?.published === null ? null : artifact;
}

async function describe(artifact: ArtifactRecord, store: GenerationStore): Promise<FileReport['record']> {
  const generation = await store.find(artifact.generationId);
  if (generation === null || artifact.published === null) return null;
  const outcome = generation.outcome?.kind === 'published' ? generation.outcome : null;
  return {
    artifact_id: artifact.id,
    generation_id: generation.id,
    published_sha256: artifact.published.sha256,
    published_at: artifact.published.at.toISOString(),
    surface: generation.surface,
    model: generation.model,
    operation: generation.operation,
    state: generation.state,
    decision_id: outcome?.decisionId ?? null,
    policy: outcome?.policy ?? null,
  };
}
