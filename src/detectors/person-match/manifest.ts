import type { CheckEntry } from '../registry.ts';
import { createPersonMatchCheck } from './person-match-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'person-match', create: createPersonMatchCheck, asksNetworks: true }];
