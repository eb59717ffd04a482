import type { CheckEntry } from '../registry.ts';
import { createNudityCheck } from './nudity-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'nudity', create: createNudityCheck, asksNetworks: true }];
