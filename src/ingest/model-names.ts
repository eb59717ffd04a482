import { ImprimaturError } from '../contracts/errors.ts';

/** Names of OpenAI's image models, retired ones too: an unmodified client writes them, and they stand for the default model. */
const OPENAI_NAMES = /^(dall-e-[23]|gpt-image-[\w.-]+|chatgpt-image-latest)$/;

export interface ModelNames {
  /** Configured names; the first is the default. */
  readonly configured: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
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
