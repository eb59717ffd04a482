import type { PromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import type { ConversationMemory } from '../prompts/conversation/conversation-memory.ts';
import type { JudgeText } from '../prompts/conversation/emergent-risk.ts';
import type { ExternalPanel } from '../prompts/external/external-panel.ts';
import type { Gazetteer } from '../prompts/gazetteers/gazetteer.ts';
import type { PromptJudge } from '../prompts/prompt-judge.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import type { CompareEdit } from './edit-anomaly/edit-comparer.ts';
import type { ReadCredential } from './file-sanity/credential-signals.ts';
import type { ImageInspector } from './inspect-image.ts';
import type { PictureLooker } from './looking/picture-looker.ts';

/** What checks are built from. A check takes what it needs and nothing else. */
export interface CheckParts {
  readonly inspector: ImageInspector;
  /** The neural networks. */
  readonly looker: PictureLooker;
  readonly compareEdit: CompareEdit;
  readonly readCredential: ReadCredential;
  readonly hashLists: HashRegistry;
  /** The word rules. */
  readonly promptJudge: PromptJudge;
  readonly promptClassifier: PromptClassifier;
  readonly gazetteer: Gazetteer;
  /** Rules, classifier and names together. */
  readonly localJudge: { readonly version: string; readonly judge: JudgeText };
  readonly externalPanel: ExternalPanel;
  readonly conversationMemory: ConversationMemory;
}
