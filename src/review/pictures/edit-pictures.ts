import { createHash } from 'node:crypto';
import type { Rendered, SealedArtifact } from '../../contracts/stages.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import type { Region } from '../decision-store.ts';
import { workOnPicture } from './picture-work.ts';

/** The pictures as a person lets them go: regions blurred or cut away. */
export type EditPictures = (rendered: Rendered, regions: readonly Region[]) => Promise<Rendered>;

/** A region that names no picture is one of the first. The raw picture stays sealed as it came. @throws ImprimaturError EVIDENCE_UNREADABLE */
export function createEditPictures(pool: WorkerPool): EditPictures {
  async function edited(artifact: SealedArtifact, isFirst: boolean, regions: readonly Region[]): Promise<SealedArtifact> {
    const parts = regions
      .filter(({ media }) => (media === undefined ? isFirst : media === artifact.id))
      .map(({ media: _, ...part }) => part);
    if (parts.length === 0) return artifact;
    const { bytes } = await workOnPicture(pool, { kind: 'edit', bytes: artifact.bytes, parts });
    const edits = (['blur', 'crop'] as const).filter((how) => parts.some((part) => part.how === how));
    return { ...artifact, bytes, format: 'png', sha256: createHash('sha256').update(bytes).digest('hex'), edits };
  }
  return async (rendered, regions) => ({
    ...rendered,
    artifacts: await Promise.all(rendered.artifacts.map((artifact, i) => edited(artifact, i === 0, regions))),
  });
}
