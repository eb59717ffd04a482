import type { CheckEntry } from '../registry.ts';
import { createPromptRulesCheck } from './prompt-rules-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'prompt-rules', create: createPromptRulesCheck }];
