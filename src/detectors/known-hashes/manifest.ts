import type { CheckEntry } from '../registry.ts';
import { createKnownHashes } from './known-hashes.ts';

export const checks: readonly CheckEntry[] = [{ id: 'known-hashes', create: createKnownHashes }];
