import type { BehaviorWatch } from './watch-behavior.ts';

/** Knows nobody. */
export const UNWATCHED: BehaviorWatch = {
  observe: () => null,
  conclude: () => undefined,
  exchange: async () => undefined,
};
