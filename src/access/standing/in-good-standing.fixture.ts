import type { UserStanding } from './user-standing.ts';

/** Nobody did anything about anybody. */
export const IN_GOOD_STANDING: UserStanding = {
  begin: () => undefined,
  requireGood: async () => undefined,
  isLimited: async () => false,
  digestsOf: () => [],
};
