import type { CheckEntry } from '../registry.ts';
import { createPromptExternalCheck, createPromptExternalStrictCheck } from './prompt-external-check.ts';

export const checks: readonly CheckEntry[] = [
  { id: 'prompt-external', create: createPromptExternalCheck },
  { id: 'prompt-external-strict', create: createPromptExternalStrictCheck },
];
