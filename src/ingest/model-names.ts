import { ImprimaturError } from '../contracts/errors.ts';
import type { Operation } from '../contracts/submission.ts';

/** Names of OpenAI's image models, retired ones too: an unmodified client writes them, and they stand for the default model. */
const OPENAI_NAMES = /^(dall-e-[23]|gpt-image-[\w.-]+|chatgpt-image-latest)$/;

export interface ModelNames {
  /** Configured names; the first is the default. */
  readonly configured: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  /** What each configured model can do. */
  readonly operations: Readonly<Record<string, readonly Operation[]>>;
}

/**
 * The configured model that a caller's name stands for: the name itself, an alias, an OpenAI name or nothing at all
 * (the default), or the alias "*".
 * @throws ImprimaturError MODEL_UNKNOWN
 */
export function resolveModelName(name: string | undefined, { configured, aliases }: ModelNames): string {
  const [first = ''] = configured;
  if (name === undefined || name === '') return first;
  if (configured.includes(name)) return name;
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  const found = alias ?? (OPENAI_NAMES.test(name) ? first : aliases['*']);
  if (found === undefined || !configured.includes(found)) {
    throw new ImprimaturError('MODEL_UNKNOWN', { hint: `Configured models: ${configured.join(', ')}.`, param: 'model' });
  }
  return found;
}

/** @throws ImprimaturError OPERATION_UNSUPPORTED */
export function requireOperation(model: string, operation: Operation, { operations }: ModelNames): void {
  const can = operations[model] ?? [];
  if (can.includes(operation)) return;
  throw new ImprimaturError('OPERATION_UNSUPPORTED', { hint: `${model} can: ${can.join(', ')}.`, param: 'model' });
}
