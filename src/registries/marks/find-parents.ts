import type { ArtifactId } from '../../contracts/ids.ts';
import type { InputImage } from '../../contracts/submission.ts';
import type { RecognizeMark } from './recognize-mark.ts';

/** A published picture that a request brought back. */
export interface Parent {
  readonly artifactId: ArtifactId;
  /** `bytes`: the very file that left. `watermark`: a copy that still bears its mark, and shows what it showed. */
  readonly foundBy: 'bytes' | 'watermark';
}

/** The published pictures among what a caller sent, each once. A picture that cannot be looked at has no known parent. */
export type FindParents = (inputs: readonly InputImage[]) => Promise<readonly Parent[]>;

interface FindParentsParts {
  readonly publishedAs: (sha256: string) => Promise<ArtifactId | null>;
  readonly recognizeMark: RecognizeMark;
}

export function createFindParents({ publishedAs, recognizeMark }: FindParentsParts): FindParents {
  const parentOf = async ({ bytes, sha256 }: InputImage): Promise<readonly Parent[]> => {
    const exact = await publishedAs(sha256);
    if (exact !== null) return [{ artifactId: exact, foundBy: 'bytes' }];
    const mark = await recognizeMark(bytes);
    if (mark.kind !== 'found' || mark.picture !== 'same' || mark.artifactId === null) return [];
    return [{ artifactId: mark.artifactId, foundBy: 'watermark' }];
  };
  return async (inputs) => {
    const found = await Promise.all(inputs.filter(({ role }) => role === 'image').map(parentOf));
    return [...new Map(found.flat().map((parent) => [parent.artifactId, parent])).values()];
  };
}
