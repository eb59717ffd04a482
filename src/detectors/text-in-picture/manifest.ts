import type { CheckEntry } from '../registry.ts';
import { createTextInPictureCheck } from './text-in-picture-check.ts';
import { TEXT_FILES } from './text-networks.ts';

export const checks: readonly CheckEntry[] = [{ id: 'text-in-picture', create: createTextInPictureCheck, files: TEXT_FILES }];
