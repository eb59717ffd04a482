/**
 * What claims, tiers, limits, gates, switches and behavior add to the spine: the same requests to a build from before them, taking turns.
 *
 *   npx tsx bench/run.ts controls --before FILE [--rounds 40] [--warm 100]
 *
 * FILE: `bench/gateway-child.js` in the compiled tree (`compile-tree.ts`) of a checkout of a commit without them. Every request to the gateway
 * with controls brings a claim of its own for one of 500 users, is counted by three limits, and passes a gate. Measured twice on the same processes:
 * just started, and after `--warm` more rounds, when the engine has compiled what runs often.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startCluster } from '../test/postgres/cluster.ts';
import { type RunningTarget, startMock, startOurs } from './gateways.ts';
import { probe } from './load.ts';
import { processUse } from './process-use.ts';
import { note, writeResult } from './results.ts';
import { median, rounded } from './statistics.ts';

const { values } = parseArgs({
  options: { before: { type: 'string' }, rounds: { type: 'string', default: '40' }, warm: { type: 'string', default: '100' } },
});
if (values.before === undefined) throw new Error('--before FILE: the compiled bench/gateway-child.js of an earlier commit.');
const rounds = Number(values.rounds);
const warmUp = Number(values.warm);
const EACH = 15;
const secret = randomBytes(32);
const random = () => randomBytes(16).toString('hex');
const keys = { caller: `imp_bench_caller_${random()}`, operator: `imp_bench_operator_${random()}` };

/** As `docs/end-users.md` has it for platforms without a library. */
function claim(): string {
  const now = Math.floor(Date.now() / 1000);
  const said = {
    iss: 'default',
    aud: 'imprimatur',
    sub: `user-${Math.floor(Math.random() * 500)}`,
    jti: randomUUID(),
    iat: now,
    exp: now + 300,
    tier: 'verified',
    verified: true,
    region: 'DE',
  };
  const head = `v1.bench.${Buffer.from(JSON.stringify(said)).toString('base64url')}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

/** A gate that lets everybody in still has to be asked. */
async function closeHalfway(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' };
  const listed = z
    .object({ data: z.array(z.object({ capability: z.string(), version: z.int() })) })
    .parse(await (await fetch(`${url}/v1/gates`, { headers })).json());
  const gate = listed.data.find(({ capability }) => capability.includes('gpt-image-small'));
  if (gate === undefined) throw new Error('The gateway lists no gate for the model of this bench.');
  const body = JSON.stringify({ state: 'percent', percent: 100, version: gate.version, reason: 'a bench' });
  const answer = await fetch(`${url}/v1/gates/${encodeURIComponent(gate.capability)}`, { method: 'PUT', headers, body });
  if (!answer.ok) throw new Error(`The gate was not set: ${answer.status} ${await answer.text()}`);
}

async function compared(before: RunningTarget, now: RunningTarget, warmUpRounds: number) {
  const start = [before, now].map(({ pid }) => processUse(pid).cpuMs);
  const times = await probe([mock, before, now], 'small', { rounds, each: EACH, warmUp: warmUpRounds });
  const cpu = [before, now].map(({ pid }, i) => (processUse(pid).cpuMs - (start[i] ?? 0)) / ((rounds + warmUpRounds) * EACH));
  const p50 = (name: string) => median(times.get(name) ?? []);
  return {
    beforeAddedP50Ms: rounded(p50('before') - p50(mock.name)),
    nowAddedP50Ms: rounded(p50('now') - p50(mock.name)),
    controlsP50Ms: rounded(p50('now') - p50('before')),
    beforeCpuMs: rounded(cpu[0] ?? Number.NaN),
    nowCpuMs: rounded(cpu[1] ?? Number.NaN),
  };
}

async function measured(where: string, databases: readonly (string | undefined)[]) {
  const [first, second] = databases;
  const before = await startOurs('before', mock.url, [], { program: values.before ?? '', ...(first && { databaseUrl: first }) });
  const with_ = { claimSecret: secret.toString('base64url'), keys, ...(second && { databaseUrl: second }) };
  const now: RunningTarget = { ...(await startOurs('now', mock.url, [], with_)), fresh: () => ({ 'imprimatur-user': claim() }) };
  try {
    await closeHalfway(now.url);
    note(`${where}, just started`);
    const fresh = await compared(before, now, 1);
    note(`${where}, warm`);
    return { fresh, warm: await compared(before, now, warmUp) };
  } finally {
    await Promise.all([before.stop(), now.stop()]);
  }
}

const mock = await startMock();
const cluster = await startCluster();
try {
  const embedded = await measured('embedded database', []);
  const server =
    cluster === null
      ? null
      : await measured('PostgreSQL', [cluster.url(await cluster.createDatabase()), cluster.url(await cluster.createDatabase())]);
  await writeResult('controls', { rounds, requestsEach: rounds * EACH, warmUpRequests: warmUp * EACH, embedded, server });
} finally {
  await mock.stop();
  await cluster?.stop();
}
