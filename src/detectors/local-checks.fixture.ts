import { readFileSync } from 'node:fs';
import { decodeModel } from '../prompts/classifier/model-file.ts';
import { createPromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import { ABSENT_MEMORY } from '../prompts/conversation/absent-memory.ts';
import { createExternalPanel } from '../prompts/external/external-panel.ts';
import { createGazetteer } from '../prompts/gazetteers/gazetteer.ts';
import { createPromptJudge } from '../prompts/prompt-judge.ts';
import { standardRules } from '../prompts/rules/standard-rules.fixture.ts';
import { createHashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { NOBODY_OPTED_OUT } from '../registries/opt-outs/opt-out-names.ts';
import { NOBODY_LISTED } from '../registries/people/people-registry.ts';
import type { CheckParts } from './check-parts.ts';

const SHIPPED = new URL('../../policies/standard/prompt-model.bin', import.meta.url);

/** What the checks of the registry are built from: the real word rules and classifier, no names, nobody outside. */
export function localCheckParts(
  { inspector, looker, compareEdit }: Pick<CheckParts, 'inspector' | 'looker' | 'compareEdit'>,
  lists: Parameters<typeof createHashRegistry>[0] = [],
): CheckParts {
  const promptClassifier = createPromptClassifier(decodeModel(readFileSync(SHIPPED)));
  const promptJudge = createPromptJudge([standardRules()], promptClassifier);
  return {
    readCredential: async () => ({ state: 'valid' as const, codes: [], inputCodes: [] }),
    readOrigin: async () => [],
    readDrawnText: async () => ({ kind: 'read', texts: [], isWhole: true }),
    inspector,
    looker,
    compareEdit,
    hashLists: createHashRegistry(lists),
    people: NOBODY_LISTED,
    regionsOf: () => undefined,
    optOuts: NOBODY_OPTED_OUT,
    promptJudge,
    promptClassifier,
    gazetteer: createGazetteer([]),
    localJudge: { version: promptJudge.version, judge: promptJudge.judge },
    externalPanel: createExternalPanel({
      classifiers: [],
      cascade: { low: 0, high: 1 },
      modeOf: () => 'hold',
      judge: promptJudge.judge,
      onOpen: () => undefined,
    }),
    conversationMemory: ABSENT_MEMORY,
  };
}
