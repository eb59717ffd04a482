import type { CheckEntry } from '../registry.ts';
import { createEditAnomalyCheck } from './edit-anomaly-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'edit-anomaly', create: createEditAnomalyCheck, asksNetworks: true }];
