import { parseArgs } from 'node:util';
import { FAMILIES } from './mutations/all.ts';
import { PROBES } from './probes/all.ts';

export interface RunOptions {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly operatorKey: string | undefined;
  readonly surfaces: readonly string[];
  readonly families: readonly string[];
  readonly probes: readonly string[];
  readonly limit: number;
  readonly chance: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly known: string;
  readonly out: string;
}

export const USAGE = `imprimatur-redteam --base-url URL --key KEY --out DIR [options]

Attacks a gateway that has the rules of redteam/policies/marker-rules.yaml planted, and writes DIR/report.html and DIR/junit.xml.

  --operator-key KEY   also compares the surfaces; keys are made for them and revoked afterwards
  --surfaces a,b       which surfaces (chat,app,api)
  --families a,b       only these disguises (${FAMILIES.join(', ')})
  --probes a,b         only these probes (${PROBES.map(({ name }) => name.replaceAll(', ', '-').replaceAll(' ', '-')).join(', ')})
  --limit N            at most N attacks, chosen by chance
  --seed N             another number gives other disguises (1)
  --concurrency N      attempts at the same time (8)
  --timeout-ms N       for one request (60000)
  --known FILE         failures that are known and accepted (redteam/known-failures.json)

Exit code 0: nothing new got through; 1: something did; 2: could not tell; 64: wrong usage.
`;

/** @throws Error with a sentence for the user */
export function readOptions(args: readonly string[], defaultKnown: string): RunOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      'base-url': text,
      key: text,
      'operator-key': text,
      surfaces: text,
      families: text,
      probes: text,
      limit: text,
      seed: text,
      concurrency: text,
      'timeout-ms': text,
      known: text,
      out: text,
    },
  });
  const required = (name: 'base-url' | 'key' | 'out') => values[name] ?? fail(`--${name} is missing`);
  const baseUrl = required('base-url').replace(/\/+$/, '');
  return {
    baseUrl: baseUrl.endsWith('/v1') ? baseUrl : `${baseUrl}/v1`,
    key: required('key'),
    operatorKey: values['operator-key'],
    surfaces: listOf(values.surfaces ?? 'chat,app,api'),
    families: chosen('family', values.families, FAMILIES),
    probes: chosen(
      'probe',
      values.probes,
      PROBES.map(({ name }) => name),
    ),
    limit: numberOf('limit', values.limit, Number.MAX_SAFE_INTEGER),
    chance: numberOf('seed', values.seed, 1),
    concurrency: numberOf('concurrency', values.concurrency, 8),
    timeoutMs: numberOf('timeout-ms', values['timeout-ms'], 60_000),
    known: values.known ?? defaultKnown,
    out: required('out'),
  };
}

const listOf = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** Names are also found with dashes for spaces and commas. */
function chosen(what: string, text: string | undefined, all: readonly string[]): readonly string[] {
  if (text === undefined) return all;
  const dashed = (name: string) => name.replace(/[ ,]+/g, '-');
  return listOf(text).map((name) => all.find((one) => dashed(one) === dashed(name)) ?? fail(`there is no ${what} "${name}"`));
}

function numberOf(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : fail(`--${name} must be a whole number above 0`);
}

function fail(sentence: string): never {
  throw new Error(sentence);
}
