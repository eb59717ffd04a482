import type { CheckEntry } from '../registry.ts';
import { createPromptGazetteers } from './prompt-gazetteers-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'prompt-gazetteers', create: createPromptGazetteers }];
