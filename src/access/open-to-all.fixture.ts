import type { Capabilities } from './capabilities.ts';

/** No gate is shut, and no switch is thrown. */
export const OPEN_TO_ALL: Capabilities = { shutFor: async () => null, stoppedBy: async () => null };
