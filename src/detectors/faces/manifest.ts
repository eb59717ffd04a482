import type { CheckEntry } from '../registry.ts';
import { createFacesCheck } from './faces-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'faces', create: createFacesCheck, asksNetworks: true }];
