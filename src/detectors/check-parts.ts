import type { PromptJudge } from '../prompts/prompt-judge.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import type { ImageInspector } from './inspect-image.ts';

/** What checks are built from. A check takes what it needs and nothing else. */
export interface CheckParts {
  readonly inspector: ImageInspector;
  readonly promptJudge: PromptJudge;
  readonly hashLists: HashRegistry;
}
