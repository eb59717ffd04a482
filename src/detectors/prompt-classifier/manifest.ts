import type { CheckEntry } from '../registry.ts';
import { createPromptClassifierCheck } from './prompt-classifier-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'prompt-classifier', create: createPromptClassifierCheck }];
