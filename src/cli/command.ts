import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config/load-config.ts';
import { configSchema, flagName, isScalar } from '../config/schema.ts';

export const EXIT = { done: 0, no: 1, usage: 2, broke: 70 } as const;

/** Where a command writes: answers to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isInteractive: boolean;
}

export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

export interface Command {
  readonly name: string;
  readonly usage: readonly string[];
  readonly about: string;
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** The command line was wrong; the command's usage is shown below the message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The gateway said no: what was asked for does not exist, or cannot be done any more. */
export class DeclinedError extends Error {
  override readonly name = 'DeclinedError';
}

export interface ParsedArgs {
  readonly positionals: readonly string[];
  readonly json: boolean;
  /** Values of the command's own options. */
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly config: Config;
}

/**
 * Splits a command line into the command's own options, the settings of `docs/config.md` as flags, and the rest.
 * @throws UsageError for an option that does not exist; ImprimaturError CONFIG_INVALID for settings
 */
export function parseCommandLine(args: readonly string[], { env }: CommandContext, own: readonly string[] = []): ParsedArgs {
  const settings = ['config', ...Object.keys(configSchema.shape).filter(isScalar).map(flagName)];
  const options: Record<string, { type: 'string' } | { type: 'boolean' }> = { json: { type: 'boolean' } };
  for (const name of [...settings, ...own]) options[name] = { type: 'string' };
  const { values, positionals } = parse(args, options);
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const flags = Object.fromEntries(
    settings.flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    positionals,
    json: values['json'] === true,
    options: Object.fromEntries(own.map((name) => [name, text(name)])),
    config: loadConfig({ flags, env }),
  };
}

function parse(args: readonly string[], options: Record<string, { type: 'string' } | { type: 'boolean' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'wrong arguments');
  }
}
