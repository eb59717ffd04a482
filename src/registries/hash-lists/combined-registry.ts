import { createHash } from 'node:crypto';
import type { HashMatch, HashRegistry } from './hash-registry.ts';

/** Several registries as one; which ones is asked at each use, so they may change while the gateway runs. */
export function combineRegistries(parts: () => readonly HashRegistry[]): HashRegistry {
  return {
    get counts() {
      return parts().flatMap(({ counts }) => counts);
    },
    get version() {
      const [only, ...others] = parts();
      if (only !== undefined && others.length === 0) return only.version;
      const versions = parts().map(({ version }) => version);
      return createHash('sha256').update(versions.join()).digest('hex').slice(0, 16);
    },
    get categories() {
      return [...new Set(parts().flatMap(({ categories }) => categories))];
    },
    get hasPdq() {
      return parts().some(({ hasPdq }) => hasPdq);
    },
    get exactAlgorithms() {
      return (['sha256', 'md5'] as const).filter((algorithm) => parts().some(({ exactAlgorithms }) => exactAlgorithms.includes(algorithm)));
    },
    matchExact: (algorithm, value) => parts().flatMap((part) => part.matchExact(algorithm, value)),
    async matchPdq(hashes, maxDistance, signal) {
      const found: HashMatch[] = [];
      for (const part of parts()) if (part.hasPdq) found.push(...(await part.matchPdq(hashes, maxDistance, signal)));
      return found;
    },
  };
}
