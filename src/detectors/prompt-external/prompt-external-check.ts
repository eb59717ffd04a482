import { z } from 'zod';
import type { Check, CheckInput, Detection } from '../../contracts/check.ts';
import type { Examination, ExternalPanel, Unjudged } from '../../prompts/external/external-panel.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(60_000).default(10_000) });

/** What these checks take of `CheckParts`. */
export interface PromptExternalParts {
  readonly externalPanel: ExternalPanel;
}

/** A category could not be judged; the runner makes a failed finding of it, which names `code`. */
class NotJudged extends Error {
  override readonly name = 'NotJudged';
  readonly code: string;

  constructor({ cause }: Unjudged) {
    super('an external classifier could not tell');
    this.code = cause;
  }
}

/**
 * External classifiers on uncertain prompts. It fails whenever a category could not be judged that is not `open`: a
 * policy that lists only this check is never laxer than its `whenFailed`.
 */
export function createPromptExternalCheck({ externalPanel }: PromptExternalParts, options: unknown): Check {
  if (externalPanel.categories.length === 0) return { ...commonOf(externalPanel, options), id: 'prompt-external', ...NOT_CONFIGURED };
  return {
    ...commonOf(externalPanel, options),
    id: 'prompt-external',
    detect: async (input, signal) => {
      const examination = await examineOnce(externalPanel, input, signal);
      if (examination.kind === 'not_asked') return abstention(examination.why);
      refuse(examination.unjudged.filter(({ mode }) => mode !== 'open'));
      return { kind: 'signals', signals: examination.signals };
    },
  };
}

/**
 * The same examination, for policies that block where others hold: it fails only for categories whose failure mode is
 * `block`. Where the other check fails, this one keeps what the classifiers that did answer have found.
 */
export function createPromptExternalStrictCheck({ externalPanel }: PromptExternalParts, options: unknown): Check {
  if (externalPanel.categories.length === 0)
    return { ...commonOf(externalPanel, options), id: 'prompt-external-strict', ...NOT_CONFIGURED };
  return {
    ...commonOf(externalPanel, options),
    id: 'prompt-external-strict',
    detect: async (input, signal) => {
      const examination = await examineOnce(externalPanel, input, signal);
      if (examination.kind === 'not_asked') return abstention(examination.why);
      refuse(examination.unjudged.filter(({ mode }) => mode === 'block'));
      const otherFails = examination.unjudged.some(({ mode }) => mode === 'hold');
      return { kind: 'signals', signals: otherFails ? examination.signals : [] };
    },
  };
}

function commonOf(panel: ExternalPanel, options: unknown) {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return { version: `1+${panel.version}`, looksAt: ['prompt'] as const, categories: panel.categories, deadlineMs };
}

const NOT_CONFIGURED = { isImmediate: true, detect: (): Detection => abstention('not_configured') } as const;

function abstention(why: string): Detection {
  return { kind: 'abstained', reason: `external:${why}` };
}

function refuse(unjudged: readonly Unjudged[]): void {
  const [first] = unjudged;
  if (first !== undefined) throw new NotJudged(first);
}

/** Both checks look at one examination: asking twice would pay twice, and could get two answers. */
const examinations = new WeakMap<CheckInput, Promise<Examination>>();

function examineOnce(panel: ExternalPanel, input: CheckInput, signal: AbortSignal): Promise<Examination> {
  const running = examinations.get(input) ?? panel.examine(input.prompt, { context: input, signal });
  examinations.set(input, running);
  return running;
}
