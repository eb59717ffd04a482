import type { PromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import type { ConversationMemory } from '../prompts/conversation/conversation-memory.ts';
import type { JudgeText } from '../prompts/conversation/emergent-risk.ts';
import type { ExternalPanel } from '../prompts/external/external-panel.ts';
import type { Gazetteer } from '../prompts/gazetteers/gazetteer.ts';
import type { PromptJudge } from '../prompts/prompt-judge.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import type { OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import type { PeopleLists } from '../registries/people/people-registry.ts';
import type { CompareEdit } from './edit-anomaly/edit-comparer.ts';
import type { ReadCredential } from './file-sanity/credential-signals.ts';
import type { ImageInspector } from './inspect-image.ts';
import type { PictureLooker } from './looking/picture-looker.ts';
import type { ReadOrigin } from './origin/read-origin.ts';
import type { ReadDrawnText } from './text-in-picture/text-reader.ts';

/** What checks are built from. A check takes what it needs and nothing else. */
export interface CheckParts {
  readonly inspector: ImageInspector;
  /** The neural networks. */
  readonly looker: PictureLooker;
  readonly compareEdit: CompareEdit;
  readonly readCredential: ReadCredential;
  readonly readOrigin: ReadOrigin;
  readonly readDrawnText: ReadDrawnText;
  readonly hashLists: HashRegistry;
  readonly people: PeopleLists;
  /** Where the pictures of a surface are seen; undefined: anywhere. */
  readonly regionsOf: (surface: string) => readonly string[] | undefined;
  readonly optOuts: OptOutNames;
  /** The word rules. */
  readonly promptJudge: PromptJudge;
  readonly promptClassifier: PromptClassifier;
  readonly gazetteer: Gazetteer;
  /** Rules, classifier and names together. */
  readonly localJudge: { readonly version: string; readonly judge: JudgeText };
  readonly externalPanel: ExternalPanel;
  readonly conversationMemory: ConversationMemory;
}
