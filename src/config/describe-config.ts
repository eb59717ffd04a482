import type { Config } from './load-config.ts';
import { configSchema, envName, flagName, isScalar } from './schema.ts';

/** One row of `imprimatur config print`. Secrets are `[redacted]`. */
export interface ConfigRow {
  readonly key: string;
  readonly value: string;
  readonly source: string;
  readonly default: string;
  readonly about: string;
}

/** Every setting with its value, source and default. */
export function describeConfig(config: Config): readonly ConfigRow[] {
  const values: Readonly<Record<string, unknown>> = { ...config.values };
  return settings().map(({ key, fallback, about }) => ({
    key,
    value: show(values[key]),
    source: config.sources[key] ?? 'default',
    default: fallback,
    about,
  }));
}

/** `docs/config.md`, whole. */
export function configMarkdown(): string {
  const rows = settings().map(({ key, fallback, about }) => {
    const set = isScalar(key) ? `\`${envName(key)}\`<br>\`--${flagName(key)}\`` : 'file only';
    return `| \`${key}\` | ${set} | ${fallback === '' ? '–' : `\`${fallback}\``} | ${about} |`;
  });
  return [
    '# Configuration',
    '',
    'Generated from `src/config/schema.ts` by `npm run docs`. A flag wins over the environment, the environment over the file named by',
    '`--config` or `IMPRIMATUR_CONFIG` (YAML). In the file, `{ env: NAME }` stands for the value of a variable, so that no secret has to be in it.',
    '`npx imprimatur config print` shows each value, where it came from, and its default.',
    '',
    '| setting | set by | default | what it does |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** `.env.example`, whole. */
export function envExample(): string {
  return `${settings()
    .filter(({ key }) => isScalar(key))
    .map(({ key, fallback, about }) => `# ${about}\n# ${envName(key)}=${fallback}`)
    .join('\n\n')}\n`;
}

function settings(): { key: string; fallback: string; about: string }[] {
  return Object.entries(configSchema.shape).map(([key, schema]) => {
    const result = schema.safeParse(undefined);
    return { key, fallback: result.success ? show(result.data) : '', about: schema.description ?? '' };
  });
}

function show(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
