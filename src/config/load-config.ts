import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { ImprimaturError } from '../contracts/errors.ts';
import { type ConfigValues, configSchema, envName, flagName, isScalar } from './schema.ts';

export type Source = 'flag' | 'environment' | 'file' | 'default';

/** The frozen configuration of one process, and where each value came from. */
export interface Config {
  readonly values: ConfigValues;
  readonly sources: Readonly<Record<string, Source>>;
  /** Absolute; every data path is below it. */
  readonly dataDir: string;
}

export interface ConfigInput {
  /** Flag values by flag name without dashes: `{ 'data-dir': '…' }`. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Flags, then environment, then file. Reports every problem at once, each with the setting and where it was set; never
 * a secret's value. Throws `CONFIG_INVALID`.
 */
export function loadConfig({ flags = {}, env }: ConfigInput): Config {
  const problems: string[] = [];
  const { merged, sources } = gather(flags, env, problems);
  problems.push(...unknownVariables(env));

  const parsed = configSchema.safeParse(merged);
  if (parsed.success) problems.push(...weakBootstrapKeys(parsed.data));
  else problems.push(...parsed.error.issues.map((issue) => describeIssue(issue.path, issue.message, sources)));
  if (!parsed.success || problems.length > 0) {
    const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
    throw new ImprimaturError('CONFIG_INVALID', {
      detail: `The configuration has ${count}:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    });
  }
  return Object.freeze({ values: Object.freeze(parsed.data), sources: Object.freeze(sources), dataDir: resolve(parsed.data.dataDir) });
}

/** What was set, from the three sources, with the strongest last. */
function gather(flags: Readonly<Record<string, string>>, env: ConfigInput['env'], problems: string[]) {
  const path = flags['config'] ?? env['IMPRIMATUR_CONFIG'];
  const merged: Record<string, unknown> = path === undefined ? {} : readFile(path, env, problems);
  const sources: Record<string, Source> = {};
  for (const key of Object.keys(configSchema.shape)) {
    sources[key] = key in merged ? 'file' : 'default';
    const fromEnv = isScalar(key) ? env[envName(key)] : undefined;
    const fromFlag = isScalar(key) ? flags[flagName(key)] : undefined;
    if (fromFlag !== undefined) [merged[key], sources[key]] = [fromFlag, 'flag'];
    else if (fromEnv !== undefined && fromEnv !== '') [merged[key], sources[key]] = [fromEnv, 'environment'];
  }
  return { merged, sources };
}

function describeIssue(path: readonly PropertyKey[], message: string, sources: Readonly<Record<string, Source>>): string {
  const source = sources[String(path[0] ?? '')];
  return `${path.join('.') || 'configuration'}: ${message}${source === undefined ? '' : ` (from ${source})`}`;
}

function readFile(path: string, env: ConfigInput['env'], problems: string[]): Record<string, unknown> {
  const absolute = isAbsolute(path) ? path : resolve(path);
  try {
    const document: unknown = parseYaml(readFileSync(absolute, 'utf8')) ?? {};
    const resolved = resolveEnvReferences(document, env, problems, '');
    if (isRecord(resolved)) return { ...resolved };
    problems.push(`${path}: the file must be a mapping of settings`);
  } catch (cause) {
    problems.push(`${path}: ${cause instanceof Error ? cause.message.split('\n')[0] : 'unreadable'}`);
  }
  return {};
}

/** `{ env: NAME }` anywhere in the file stands for the variable's value, so that no secret has to be in a file. */
function resolveEnvReferences(value: unknown, env: ConfigInput['env'], problems: string[], path: string): unknown {
  if (Array.isArray(value)) return value.map((item, i) => resolveEnvReferences(item, env, problems, `${path}[${i}]`));
  if (!isRecord(value)) return value;
  const name = value['env'];
  if (Object.keys(value).length === 1 && typeof name === 'string') {
    const found = env[name];
    if (found === undefined || found === '') problems.push(`${path}: the environment variable ${name} is not set`);
    return found ?? '';
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveEnvReferences(item, env, problems, path === '' ? key : `${path}.${key}`)]),
  );
}

/** `IMPRIMATUR_KEY` is what the README's client reads: whoever exported it may use our commands in the same shell. */
const NO_SETTINGS = ['IMPRIMATUR_CONFIG', 'IMPRIMATUR_KEY'];

/** A misspelt variable would otherwise be a silent default. */
function unknownVariables(env: ConfigInput['env']): string[] {
  const known = new Set([...Object.keys(configSchema.shape).filter(isScalar).map(envName), ...NO_SETTINGS]);
  return Object.keys(env)
    .filter((name) => name.startsWith('IMPRIMATUR_') && !name.startsWith('IMPRIMATUR_TEST_') && !known.has(name))
    .map((name) => `${name}: there is no such setting`);
}

function weakBootstrapKeys(values: ConfigValues): string[] {
  return (['bootstrapKey', 'bootstrapOperatorKey', 'signerToken'] as const)
    .filter((key) => values[key] !== undefined && values[key].reveal().length < 24)
    .map((key) => `${key}: must have at least 24 characters`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
