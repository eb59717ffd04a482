import type { Check } from '../contracts/check.ts';
import type { CheckParts } from './check-parts.ts';
import { createEditAnomalyCheck } from './edit-anomaly/edit-anomaly-check.ts';
import { createFacesCheck } from './faces/faces-check.ts';
import { createFileSanity } from './file-sanity/file-sanity.ts';
import { createKnownHashes } from './known-hashes/known-hashes.ts';
import { createNudityCheck } from './nudity/nudity-check.ts';
import { createPromptClassifierCheck } from './prompt-classifier/prompt-classifier-check.ts';
import { createPromptConversationCheck } from './prompt-conversation/prompt-conversation-check.ts';
import { createPromptExternalCheck, createPromptExternalStrictCheck } from './prompt-external/prompt-external-check.ts';
import { createPromptGazetteers } from './prompt-gazetteers/prompt-gazetteers-check.ts';
import { createPromptRulesCheck } from './prompt-rules/prompt-rules-check.ts';

/** How a check is built. */
export interface CheckEntry {
  readonly id: string;
  /** @throws ZodError when `options` do not fit the check */
  readonly create: (parts: CheckParts, options?: unknown) => Check;
  /** It asks the neural networks, so a gateway that relies on it does not start without them. */
  readonly asksNetworks?: true;
}

/** Every check there is. A new one is a folder and a line here. */
export const CHECKS: readonly CheckEntry[] = [
  { id: 'prompt-rules', create: createPromptRulesCheck },
  { id: 'prompt-classifier', create: createPromptClassifierCheck },
  { id: 'prompt-gazetteers', create: createPromptGazetteers },
  { id: 'prompt-conversation', create: createPromptConversationCheck },
  { id: 'prompt-external', create: createPromptExternalCheck },
  { id: 'prompt-external-strict', create: createPromptExternalStrictCheck },
  { id: 'file-sanity', create: createFileSanity },
  { id: 'known-hashes', create: createKnownHashes },
  { id: 'nudity', create: createNudityCheck, asksNetworks: true },
  { id: 'edit-anomaly', create: createEditAnomalyCheck, asksNetworks: true },
  { id: 'faces', create: createFacesCheck, asksNetworks: true },
];
