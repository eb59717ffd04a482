import { isId } from '../../contracts/ids.ts';
import { LostJob } from '../../detectors/lost-job.ts';
import type { FindCandidates, FindReattached } from '../candidate.ts';
import { matchesOf, type RecoveryParts, reattach } from './recover.ts';

/** More likenesses than these tell nobody anything. */
const MAX_CANDIDATES = 5;

type Repository = Pick<RecoveryParts, 'repository'>;

export function createFindReattached({ repository }: Repository): FindReattached {
  return async (bytes, sha256) => {
    const whole = await reattach(bytes, repository, sha256);
    if (whole === null || !isId('art', whole.credential.artifactId)) return null;
    return { artifactId: whole.credential.artifactId, how: 'reattached', similarity: 1 };
  };
}

/**
 * What verification asks: which of our pictures is this like? Pictures that were taken down are among the answers.
 */
export function createFindCandidates({ repository, readPixels }: Repository & Pick<RecoveryParts, 'readPixels'>): FindCandidates {
  return async (bytes) => {
    if (await repository.isEmpty()) return [];
    const pixels = await readPixels(bytes).catch((error: unknown) => {
      if (error instanceof LostJob) return 'lost' as const;
      throw error;
    });
    if (pixels === 'lost') return null;
    const matches = pixels === null ? [] : await matchesOf(pixels, MAX_CANDIDATES, repository);
    return matches.flatMap(({ artifactId, by, similarity, likeness }) =>
      isId('art', artifactId) ? [{ artifactId, how: by, similarity: (likeness ?? similarity) / 100 }] : [],
    );
  };
}
