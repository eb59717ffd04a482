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
import type { PromptContext } from '../prompts/rules/facts.ts';
import { loadPromptRules } from '../prompts/rules/load-prompt-rules.ts';
import type { OptOutNames } from '../registries/opt-outs/opt-out-names.ts';

interface PromptGround {
  readonly classifier: PromptClassifier;
  readonly optOuts: OptOutNames;
  readonly outbound: Outbound;
  readonly onOpen: (unjudged: Unjudged) => void;
}

interface PromptConfig {
  readonly values: Pick<Config['values'], 'promptRules' | 'gazetteers' | 'classifiers' | 'classifierRules'>;
}

/** Everything that judges words: rules, names, the classifier, and the classifiers outside. @throws ImprimaturError CONFIG_INVALID */
export async function buildPromptParts({ values }: PromptConfig, { classifier, optOuts, outbound, onOpen }: PromptGround) {
  const rulePaths = [PROMPT_RULES_PATH, ...(values.promptRules === undefined ? [] : [values.promptRules])];
  const { packs, without, publicKeys, allowUnsigned } = values.gazetteers;
  const [rules, gazetteer] = await Promise.all([
    Promise.all(rulePaths.map((path) => loadPromptRules(path))),
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
  const promptJudge = createPromptJudge(rules, classifier);
  const judge = (text: string, context?: PromptContext): Signal[] => {
    const reading = readPrompt(text, promptJudge.book);
    return [
      ...promptJudge.judge(text, context),
      ...classifyPrompt(classifier, reading),
      ...evaluateNames(gazetteer, reading),
      ...optOuts.judge(reading),
    ];
  };
  const versionWith = rememberLast((model) =>
    createHash('sha256').update([promptJudge.version, model, gazetteer.version].join('\n')).digest('hex').slice(0, 16),
  );
  const localJudge = {
    // The classifier's version changes with every promotion, that of the opt-outs with every change.
    get version() {
      return versionWith([classifier.version, ...(optOuts.version === '' ? [] : [optOuts.version])].join('+'));
    },
    judge,
  };
  const configured = values.classifiers.map(({ name, apiKey, ...settings }) => ({
    name,
    apiKey: apiKey === undefined ? undefined : () => apiKey.reveal(),
    settings,
  }));
  const { panel, opens } = createPanel({ classifiers: configured, rules: values.classifierRules, outbound, judge, onOpen });
  return { promptJudge, gazetteer, promptClassifier: classifier, localJudge, externalPanel: panel, opens };
}

function rememberLast(make: (from: string) => string): (from: string) => string {
  let last: { readonly from: string; readonly made: string } | undefined;
  return (from) => {
    if (last?.from !== from) last = { from, made: make(from) };
    return last.made;
  };
}
