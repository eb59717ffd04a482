import type { Harmonic } from '../mark/layout.ts';

/**
 * Keeps for each key, by its sync waves, what was last made for it at a least scale: pictures of one size, of which a folder or a model gives many, share
 * it.
 */
export function lastOfKey<T>(): (sync: readonly Harmonic[], leastScale: number, make: () => T) => T {
  const kept = new WeakMap<readonly Harmonic[], { readonly leastScale: number; readonly made: T }>();
  return (sync, leastScale, make) => {
    const last = kept.get(sync);
    if (last?.leastScale === leastScale) return last.made;
    const made = make();
    kept.set(sync, { leastScale, made });
    return made;
  };
}
