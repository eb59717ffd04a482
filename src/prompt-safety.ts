import { openTextChecks } from './compose/text-checks.ts';
import type { CheckInput } from './contracts/check.ts';
import { ImprimaturError } from './contracts/errors.ts';
import { explainPrompt, type PromptExplanation } from './explain-prompt.ts';
import { moderate } from './moderate.ts';
import type { ModerationResult } from './reply/moderation-result.ts';

export type { PromptExplanation } from './explain-prompt.ts';
export type { ModerationResult } from './reply/moderation-result.ts';

/** What the layer is made of. All of it comes with the package; nothing is fetched. */
export interface PromptSafetyOptions {
  /** A pack that ships (`standard`, `strict`), or the path of a policy file. */
  readonly policy?: string;
  /** Path of a rules file of your own, used beside the shipped one. */
  readonly promptRules?: string;
  /** Packs of names of your own (paths), shipped packs to leave out, and the Ed25519 keys (paths, PEM) that sign yours. */
  readonly gazetteers?: {
    readonly packs?: readonly string[];
    readonly without?: readonly string[];
    readonly publicKeys?: readonly string[];
  };
}

/** Where a prompt comes from; a policy and rules may ask. */
export interface PromptOrigin {
  /** The product channel. Default `api`. */
  readonly surface?: string;
  readonly operation?: 'generate' | 'edit' | 'variation';
  /** As in `Accept-Language`: in which language the end user is told why. */
  readonly language?: string;
}

/** The prompt-safety layer of the gateway, in your own process: the same rules, names, classifier and policy. */
export interface PromptSafety {
  /**
   * The decision on a prompt and all that led to it: signals with their places in your text, tricks undone, rules that
   * fired, and a sentence for the end user. `allow` and `label` may pass. A check that could not tell gives `hold` or
   * `block`, never `allow`. Any string will do; time is bounded by its length.
   */
  judge(prompt: string, origin?: PromptOrigin): Promise<PromptExplanation>;
  /**
   * Texts as `POST /v1/moderations` answers them: OpenAI's categories and ours.
   * @throws ImprimaturError CHECK_FAILED when a check could not tell
   */
  moderate(texts: readonly string[], origin?: PromptOrigin): Promise<ModerationResult[]>;
}

/**
 * Loads rules, names, classifier and policy once; keep the result. It opens no connection, starts no process and writes
 * nothing. What it does not have is what needs a gateway: memory of conversations, classifiers outside, promoted models.
 * @throws ImprimaturError POLICY_INVALID, CONFIG_INVALID with every problem and its line
 */
export async function createPromptSafety({
  policy = 'standard',
  promptRules,
  gazetteers = {},
}: PromptSafetyOptions = {}): Promise<PromptSafety> {
  const { packs = [], without = [], publicKeys = [] } = gazetteers;
  const parts = await openTextChecks({
    policy,
    promptRules,
    gazetteers: { packs: [...packs], without: [...without], publicKeys: [...publicKeys], allowUnsigned: false },
    classifiers: [],
    classifierRules: undefined,
    hashLists: [],
  });
  const judging = { checks: parts.runner, policy: parts.policy };
  return {
    judge: (prompt, { surface = 'api', operation = 'generate', language } = {}) =>
      explainPrompt({ prompt, surface, operation, ...(language === undefined ? {} : { language }) }, judging),
    async moderate(texts, { surface = 'api', operation = 'generate', language } = {}) {
      const about = { surface, operation, ...(language === undefined ? {} : { language }) };
      const subjects = texts.map((prompt): CheckInput => ({ ...about, subject: { kind: 'prompt' }, prompt }));
      return Promise.all(subjects.map(async (subject) => certain(await moderate([subject], judging))));
    },
  };
}

function certain(result: ModerationResult | null): ModerationResult {
  if (result === null) throw new ImprimaturError('CHECK_FAILED');
  return result;
}
