import { ImprimaturError } from '../../contracts/errors.ts';
import { type ArtifactId, isId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { GenerationStore } from '../../generations/generation-store.ts';
import { inputRef, openRequest } from '../../generations/open-submission.ts';
import type { Database } from '../../storage/database.ts';
import type { OtherCase, ReviewCase } from '../case-store.ts';
import { reportedPictures } from '../notices/notice-store.ts';

/** A picture that a case is about. */
export interface CaseMedium {
  /** `input-0`, the id of an artifact, or that of an upload. */
  readonly id: string;
  readonly role: 'input' | 'output';
  /** Ours; null for what somebody brought. */
  readonly artifactId: ArtifactId | null;
  readonly open: () => Promise<Uint8Array>;
}

export interface CaseMediaParts {
  readonly db: Database;
  readonly store: GenerationStore;
  readonly evidence: EvidenceStore;
  /** Where a held file is sealed; null where it is not kept. */
  readonly heldFile: (found: ReviewCase) => Promise<{ readonly id: string; readonly blob: string; readonly sha256: string } | null>;
}

/** All pictures of a case, unopened: what came in first. @throws ImprimaturError EVIDENCE_UNREADABLE */
export async function mediaOf(found: ReviewCase, parts: CaseMediaParts): Promise<readonly CaseMedium[]> {
  if (found.kind === 'upload') return uploadMedia(found, parts);
  const named = 'subject' in found ? [...(await reportedMedia(found, parts)), ...(await namedArtifacts(found, parts))] : [];
  if (found.generationId === null) return named;
  const generation = await parts.store.find(found.generationId);
  if (generation === null) throw new ImprimaturError('NOT_FOUND');
  const { request } = await openRequest(generation, parts.evidence);
  const inputs = request.inputs.map((input): CaseMedium => {
    const open = () => parts.evidence.open(inputRef(generation.id, input));
    return { id: `input-${input.index}`, role: 'input', artifactId: null, open };
  });
  if (found.stage === 'prompt') return inputs;
  const outputs = (await parts.store.finalArtifacts(generation.id)).map(({ id, rawBlob }) => medium(id, rawBlob, parts));
  return [...inputs, ...outputs, ...named.filter(({ id }) => outputs.every((output) => output.id !== id))];
}

function medium(id: ArtifactId, blob: string, { evidence }: CaseMediaParts): CaseMedium {
  return { id, role: 'output', artifactId: id, open: () => evidence.open({ blob, id, kind: 'raw_artifact' }) };
}

async function uploadMedia(found: ReviewCase, { heldFile, evidence }: CaseMediaParts): Promise<readonly CaseMedium[]> {
  const file = await heldFile(found);
  if (file === null) return [];
  return [{ id: file.id, role: 'input', artifactId: null, open: () => evidence.open({ ...file, kind: 'upload' }) }];
}

/** What reporters showed, where they sent more than a hash. */
async function reportedMedia({ id, kind }: OtherCase, { db, evidence }: CaseMediaParts): Promise<readonly CaseMedium[]> {
  if (kind !== 'notice') return [];
  return (await reportedPictures(db, id)).map(({ notice, blob, sha256 }) => ({
    id: notice,
    role: 'input',
    artifactId: null,
    open: () => evidence.open({ blob, id: `reported/${sha256}`, kind: 'reported_picture', sha256 }),
  }));
}

/** Pictures of ours that an appeal or a notice names. */
async function namedArtifacts({ subject }: OtherCase, parts: CaseMediaParts): Promise<readonly CaseMedium[]> {
  const ids = Object.values(subject)
    .flat()
    .filter((id): id is ArtifactId => typeof id === 'string' && isId('art', id));
  const found = await Promise.all(ids.map((id) => parts.store.artifact(id)));
  return found.flatMap((artifact) => (artifact === null ? [] : [medium(artifact.id, artifact.rawBlob, parts)]));
}
