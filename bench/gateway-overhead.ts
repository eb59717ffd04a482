/**
 * What the gateway costs over the raw backend, beside Portkey's, and what each safety step costs.
 *
 *   npx tsx bench/run.ts gateway-overhead --peer DIR [--quick]
 *
 * DIR: a folder in which `npm install @portkey-ai/gateway@1.15.2` was run (hono pinned to 4.9.7, @hono/node-server to 1.13.5).
 * Times are ratios and differences of one run, the targets taking turns; CPU is that of the whole process tree.
 */
import { parseArgs } from 'node:util';
import { startCluster } from '../test/postgres/cluster.ts';
import { type RunningTarget, STEPS, type Step, startMock, startOurs, startPortkey } from './gateways.ts';
import { load, probe, type Size } from './load.ts';
import { processUse, withPeak } from './process-use.ts';
import { note, writeResult } from './results.ts';
import { median, quantile, rounded } from './statistics.ts';

const { values } = parseArgs({ options: { peer: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const rounds = values.quick ? 3 : 20;
const seconds = values.quick ? 2 : 8;

const mock = await startMock();

/** Added milliseconds over the raw backend, one request at a time. */
async function added(targets: readonly RunningTarget[], size: Size) {
  const times = await probe([mock, ...targets], size, { rounds, each: 15 });
  const raw = times.get(mock.name) ?? [];
  return targets.map(({ name }) => {
    const own = times.get(name) ?? [];
    return {
      target: name,
      rawP50Ms: rounded(median(raw)),
      addedP50Ms: rounded(median(own) - median(raw)),
      addedP99Ms: rounded(quantile(own, 0.99) - quantile(raw, 0.99)),
      samples: own.length,
    };
  });
}

async function underLoad(targets: readonly RunningTarget[], size: Size, connections: number) {
  const rows = [];
  for (const target of targets) {
    const { result, treePeakMb } = await withPeak(target.pid, () => load(target, size, connections, seconds));
    const { perSecond, p50Ms, p99Ms, cpuMsPerRequest, peakMb } = result;
    rows.push({
      target: target.name,
      connections,
      perSecond: rounded(perSecond),
      p50Ms: rounded(p50Ms),
      p99Ms: rounded(p99Ms),
      cpuMsPerRequest: rounded(cpuMsPerRequest),
      peakMb: rounded(peakMb),
      treePeakMb: rounded(treePeakMb),
    });
  }
  return rows;
}

async function likeForLike() {
  const cluster = await startCluster();
  const ours = await startOurs('Imprimatur, rules and exact hashes', mock.url, []);
  const targets = [ours, ...(values.peer === undefined ? [] : [await startPortkey(values.peer, mock.url)])];
  if (cluster !== null) {
    // The embedded engine lives in our process: without it, memory can be compared with a peer that has no database.
    const url = cluster.url(await cluster.createDatabase());
    targets.push(await startOurs('the same on a PostgreSQL server', mock.url, [], { databaseUrl: url }));
  }
  try {
    return {
      small: await added(targets, 'small'),
      picture: await added(targets, 'picture'),
      load: [
        ...(await underLoad(targets, 'picture', 1)),
        ...(await underLoad(targets, 'picture', 8)),
        ...(await underLoad(targets, 'picture', 32)),
      ],
    };
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
    await cluster?.stop();
  }
}

/** Each step alone on top of rules and exact hashes, then all. CPU of one picture at a time, so that nothing overlaps. */
async function steps(size: Size) {
  const variants: readonly (readonly [string, readonly Step[]])[] = [
    ['none', []],
    ...STEPS.map((step) => [step, [step]] as const),
    ['all', STEPS],
  ];
  const rows: { step: string; p50Ms: number; cpuMs: number; treeMb: number }[] = [];
  for (const [step, on] of variants) {
    note(`${size}: ${step}`);
    const target = await startOurs(step, mock.url, on);
    try {
      await probe([target], size, { rounds: 1, each: 15 });
      const before = processUse(target.pid);
      const each = values.quick ? 10 : 60;
      const times = (await probe([target], size, { rounds: 1, each })).get(step) ?? [];
      const after = processUse(target.pid);
      // `probe` makes a round of its own to warm up, which costs the same.
      rows.push({
        step,
        p50Ms: rounded(median(times)),
        cpuMs: rounded((after.cpuMs - before.cpuMs) / (2 * each)),
        treeMb: rounded(after.rssMb),
      });
    } finally {
      await target.stop();
    }
  }
  const floor = rows[0];
  return rows.map((row) => ({ ...row, addedCpuMs: rounded(row.cpuMs - (floor?.cpuMs ?? Number.NaN)) }));
}

try {
  note('like for like');
  const result = { likeForLike: await likeForLike(), steps: { picture: await steps('picture'), full: await steps('full') } };
  await writeResult('gateway-overhead', result);
} finally {
  await mock.stop();
}
