import type { Limits } from './limits.ts';

/** Everybody may ask for everything. */
export const UNLIMITED: Limits = {
  begin: () => undefined,
  forgo: () => undefined,
  admit: async () => undefined,
  settle: () => undefined,
  usesOf: () => [],
};
