import type { CheckEntry } from '../registry.ts';
import { createOriginCheck } from './origin-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'origin', create: createOriginCheck }];
