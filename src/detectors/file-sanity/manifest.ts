import type { CheckEntry } from '../registry.ts';
import { createFileSanity } from './file-sanity.ts';

export const checks: readonly CheckEntry[] = [{ id: 'file-sanity', create: createFileSanity }];
