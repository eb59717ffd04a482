import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inParallel, runCampaign, sample } from './campaign.ts';
import { createGateway } from './gateway/gateway.ts';
import { openSurfaces } from './gateway/surface-keys.ts';
import { isFailure } from './graders/grade.ts';
import { loadKnownFailures } from './graders/known-failures.ts';
import { askSurfaces, type SurfaceRow, surfaceQuestions } from './graders/surfaces.ts';
import { MUTATIONS } from './mutations/all.ts';
import { type RunOptions, readOptions, USAGE } from './options.ts';
import { PROBES } from './probes/all.ts';
import type { Arsenal } from './probes/probe.ts';
import { progressBar } from './progress-bar.ts';
import { junit } from './report/junit.ts';
import { page } from './report/page.ts';
import { summary } from './report/summary.ts';
import { conclude, type RunReport } from './run-report.ts';

const KNOWN = fileURLToPath(new URL('../known-failures.json', import.meta.url));

/** The command line. @returns the exit code; see `USAGE` */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help')) {
    process.stdout.write(USAGE);
    return args.length === 0 ? 64 : 0;
  }
  let options: RunOptions;
  try {
    options = readOptions(args, KNOWN);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'wrong usage'}\n\n${USAGE}`);
    return 64;
  }
  try {
    const report = await attackAll(options);
    await mkdir(options.out, { recursive: true });
    await writeFile(join(options.out, 'report.html'), page(report));
    await writeFile(join(options.out, 'junit.xml'), junit(report));
    process.stdout.write(summary(report, options.out));
    return report.exitCode;
  } catch (error) {
    process.stderr.write(`The run could not be finished: ${error instanceof Error ? error.message : 'unknown'}\n`);
    return 2;
  }
}

/** Makes every attack that the options ask for. @throws when the known failures cannot be read, or an operator's key opens nothing */
async function attackAll(options: RunOptions): Promise<RunReport> {
  const { baseUrl, key, chance, concurrency, timeoutMs, limit } = options;
  const known = await loadKnownFailures(options.known);
  const startedAt = new Date();
  const arsenal = { mutations: MUTATIONS.filter(({ family }) => options.families.includes(family)), chance };
  const available = PROBES.filter(({ name }) => options.probes.includes(name)).flatMap((probe) => probe.attacks(arsenal));
  const attacks = sample(available, limit, chance);
  const tell = progressBar(attacks.length, process.stderr);
  let failures = 0;
  const results = await runCampaign({
    gateway: createGateway({ baseUrl, key, timeoutMs }),
    attacks,
    concurrency,
    onDone: ({ verdict }) => {
      if (isFailure(verdict)) failures += 1;
      tell(failures);
    },
  });
  const surfaces = await compareSurfaces(arsenal, options);
  const facts = { startedAt, tookMs: Date.now() - startedAt.getTime(), baseUrl, chance, available: available.length };
  return conclude(facts, results, surfaces, known);
}

async function compareSurfaces(arsenal: Arsenal, options: RunOptions): Promise<readonly SurfaceRow[] | null> {
  const { operatorKey, baseUrl, timeoutMs, concurrency, limit, chance } = options;
  if (operatorKey === undefined) return null;
  const { gateways, close } = await openSurfaces(options.surfaces, { baseUrl, operatorKey, timeoutMs });
  try {
    return await inParallel(sample(surfaceQuestions(arsenal), limit, chance), concurrency, (question) => askSurfaces(question, gateways));
  } finally {
    await close();
  }
}
