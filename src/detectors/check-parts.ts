import type { PromptRules } from '../prompts/prompt-rules.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import type { ImageInspector } from './inspect-image.ts';

/** What checks are built from. A check takes what it needs and nothing else. */
export interface CheckParts {
  readonly inspector: ImageInspector;
  readonly promptRules: PromptRules;
  readonly hashLists: HashRegistry;
}
