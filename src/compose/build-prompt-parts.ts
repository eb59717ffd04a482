import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Signal } from '../contracts/finding.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { PACKS_DIR, PROMPT_RULES_PATH } from '../packs.ts';
import { classifyPrompt } from '../prompts/classifier/judge-prompt.ts';
import type { PromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import { createPanel } from '../prompts/external/create-panel.ts';
import type { Unjudged } from '../prompts/external/external-panel.ts';
import { evaluateNames } from '../prompts/gazetteers/evaluate-names.ts';
import { loadGazetteer } from '../prompts/gazetteers/load-gazetteer.ts';
import { packKey } from '../prompts/gazetteers/trusted-pack.ts';
import { createPromptJudge } from '../prompts/prompt-judge.ts';
import { readPrompt } from '../prompts/reading/read-prompt.ts';
import { loadPromptRules } from '../prompts/rules/load-prompt-rules.ts';

interface PromptGround {
  readonly classifier: PromptClassifier;
  readonly outbound: Outbound;
  readonly onOpen: (unjudged: Unjudged) => void;
}

/** Everything that judges words: rules, names, the classifier, and the classifiers outside. @throws ImprimaturError CONFIG_INVALID */
export async function buildPromptParts({ values }: Config, { classifier, outbound, onOpen }: PromptGround) {
  const rulePaths = [PROMPT_RULES_PATH, ...(values.promptRules === undefined ? [] : [values.promptRules])];
  const { packs, without, publicKeys, allowUnsigned } = values.gazetteers;
  const [rules, gazetteer] = await Promise.all([
    Promise.all(rulePaths.map(loadPromptRules)),
    Promise.all(publicKeys.map(async (path) => packKey(await readFile(path, 'utf8')))).then((keys) =>
      loadGazetteer({
        shippedDir: join(PACKS_DIR, 'gazetteers'),
        without,
        operatorPacks: packs,
        trust: { publicKeys: keys, allowUnsigned },
      }),
    ),
  ]).catch((cause: unknown) => {
    throw new ImprimaturError('CONFIG_INVALID', {
      detail: cause instanceof Error ? cause.message : 'a rule file or a pack cannot be read',
      cause,
    });
  });
  const promptJudge = createPromptJudge(rules);
  const judge = (text: string): Signal[] => {
    const reading = readPrompt(text);
    return [...promptJudge.judge(text), ...classifyPrompt(classifier, reading), ...evaluateNames(gazetteer, reading)];
  };
  const version = createHash('sha256')
    .update([promptJudge.version, classifier.version, gazetteer.version].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const configured = values.classifiers.map(({ name, apiKey, ...settings }) => ({
    name,
    apiKey: apiKey === undefined ? undefined : () => apiKey.reveal(),
    settings,
  }));
  const { panel } = createPanel({ classifiers: configured, rules: values.classifierRules, outbound, judge, onOpen });
  return { promptJudge, gazetteer, promptClassifier: classifier, localJudge: { version, judge }, externalPanel: panel };
}
