import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isLoopback } from '../access/loopback.ts';
import type { Config } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { type CoverageReport, coverageOf, gapsOf, type Waiver } from '../policy/coverage.ts';
import { watchLapses } from '../policy/lapsed-waivers.ts';
import { readWaivers } from '../policy/waiver-file.ts';
import { packKey } from '../prompts/gazetteers/trusted-pack.ts';

interface Judging {
  readonly policy: CompiledPolicy;
  /** All checks that are installed. */
  readonly available: readonly Check[];
}

/** @throws ImprimaturError CONFIG_INVALID when a waiver file counts for nothing */
export async function readCoverage({ values }: Pick<Config, 'values'>, { policy, available }: Judging): Promise<CoverageReport> {
  const { waivers: paths, publicKeys, enforce } = values.coverage;
  const keys = await Promise.all(
    publicKeys.map((path) => reading('coverage.publicKeys', path, async () => packKey(await readFile(path, 'utf8')))),
  );
  const waivers = (await Promise.all(paths.map((path) => reading('coverage.waivers', path, () => waiversIn(path, keys))))).flat();
  const rows = () => coverageOf({ policy, checks: available, waivers, now: new Date() });
  const isEnforced = enforce || !(isLoopback(values.host) || values.allowDevelopment);
  return { isEnforced, rows, lapses: watchLapses(rows) };
}

/** @throws ImprimaturError CONFIG_INVALID when there are gaps and coverage is enforced */
export function refuseGaps({ isEnforced, rows }: CoverageReport): void {
  const gaps = gapsOf(rows());
  if (!isEnforced || gaps.length === 0) return;
  const lines = gaps.map(
    ({ category, looksAt }) => `  ${category}, on ${looksAt === 'artifact' ? 'what the model made' : 'input pictures'}`,
  );
  throw new ImprimaturError('CONFIG_INVALID', {
    detail: [
      'The policy names categories that no detector looks for in pictures:',
      ...lines,
      'Add a detector to the configuration and the policy (docs/plugins.md), take the category out of the policy, or let somebody answer for it:',
      '`imprimatur waivers sign` makes a waiver, and `coverage.waivers` and `coverage.publicKeys` name it (docs/fusion.md).',
    ].join('\n'),
  });
}

async function waiversIn(path: string, publicKeys: readonly KeyObject[]): Promise<Waiver[]> {
  const content = await readFile(path);
  const signature = await readFile(`${path}.sig`).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return readWaivers({ content, signature: signature === undefined ? undefined : signatureOf(signature), publicKeys, now: new Date() });
}

/** 64 bytes, or their base64. */
function signatureOf(bytes: Uint8Array): Uint8Array {
  return bytes.length === 64 ? bytes : Buffer.from(Buffer.from(bytes).toString('latin1').trim(), 'base64');
}

async function reading<T>(setting: string, path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'cannot be read';
    throw new ImprimaturError('CONFIG_INVALID', { detail: `${setting}: ${path}: ${why}`, cause });
  }
}
