/**
 * How long a kill switch takes to hold in every process, and what still leaves.
 *
 *   npx tsx bench/run.ts kill-switch [--trials 100] [--crashes 20] [--in-flight 200] [--model-ms 6000]
 *
 * Three gateways on one PostgreSQL, requests under way in all of them at every stage. In `crashes` further trials the database is killed at the very
 * moment at which the switch is thrown, and comes back two seconds later. Exits with 1 when a picture left after the switch held.
 */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent, setGlobalDispatcher } from 'undici';
import { z } from 'zod';
import { type Cluster, startCluster } from '../test/postgres/cluster.ts';
import { type Child, listenOnLoopback, startChild } from './child-process.ts';
import { noisePicture } from './noise-picture.ts';
import { note, writeResult } from './results.ts';
import { quantile, rounded } from './statistics.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '100' },
    crashes: { type: 'string', default: '20' },
    'in-flight': { type: 'string', default: '200' },
    'model-ms': { type: 'string', default: '6000' },
  },
});
const [TRIALS, CRASHES, IN_FLIGHT] = [Number(values.trials), Number(values.crashes), Number(values['in-flight'])];
const MODEL_MS = Number(values['model-ms']);
const PROCESSES = 3;
const KEYS = { caller: 'imp_bench_caller_key_0123456789abcdef', operator: 'imp_bench_operator_key_0123456789abcdef' };
/** What the issue promises. */
const LIMIT_MS = 1_000;

setGlobalDispatcher(new Agent({ connections: 400, headersTimeout: 120_000, bodyTimeout: 120_000 }));

/** A model that takes a while, so that requests are under way at every stage and this machine can keep up. */
async function startModel() {
  const picture = noisePicture(64, 64).toString('base64');
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', async () => {
      await sleep(Math.random() * MODEL_MS);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ created: 1, data: [{ b64_json: picture }], usage: { total_tokens: 1 } }));
    });
  });
  return { url: await listenOnLoopback(server), close: () => server.close() };
}

interface Answer {
  readonly at: number;
  readonly process: number;
  readonly code: string;
}

async function ask(url: string, process: number): Promise<Answer> {
  const body = JSON.stringify({ model: 'gpt-image-small', prompt: `a ball ${Math.random()}` });
  const headers = { authorization: `Bearer ${KEYS.caller}`, 'content-type': 'application/json' };
  try {
    const response = await fetch(`${url}/v1/images/generations`, { method: 'POST', headers, body });
    const answer = await response.json();
    const code = response.status === 200 ? 'picture' : String(codeOf(answer));
    return { at: performance.now(), process, code };
  } catch {
    return { at: performance.now(), process, code: 'no_answer' };
  }
}

function codeOf(answer: unknown): unknown {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : null;
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : 'unknown';
}

/** As many requests under way as wanted, spread over the gateways, each followed by the next one. */
function startTraffic(urls: readonly string[]) {
  const answers: Answer[] = [];
  let isOver = false;
  const lanes = Array.from({ length: IN_FLIGHT }, async (_, lane) => {
    const process = lane % urls.length;
    while (!isOver) {
      const answer = await ask(urls[process] ?? '', process);
      answers.push(answer);
      if (answer.code !== 'picture') await sleep(20);
    }
  });
  return {
    answers,
    async end() {
      isOver = true;
      await Promise.all(lanes);
    },
  };
}

async function operate(url: string, path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${KEYS.operator}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
}

/** As an incident commander would: again, until somebody says that it is done. */
async function throwSwitch(
  urls: readonly string[],
): Promise<{ id: string; answeredAt: number; attempts: number; answer: Record<string, unknown> }> {
  const first = Math.floor(Math.random() * urls.length);
  for (let attempts = 1; ; attempts++) {
    const url = urls[(attempts + first) % urls.length] ?? '';
    const thrown = await operate(url, '/v1/kill', { scope: {}, reason: 'a bench' }).catch(() => null);
    if (thrown !== null && thrown.status < 300) {
      return { id: String(thrown.body['id']), answeredAt: performance.now(), attempts, answer: thrown.body };
    }
    await sleep(100);
  }
}

/** What a closed gateway says: that it is stopped, or that it cannot tell, and therefore is. */
const CLOSED: ReadonlySet<string> = new Set(['capability_stopped', 'storage_unavailable']);

interface Trial {
  readonly kind: 'plain' | 'crash';
  /** From the call to the last picture that any process gave. 0: none came after the call. */
  readonly lastPictureMs: number;
  /** From the call until the last process had refused a request because of it, or of the database. */
  readonly lastProcessMs: number;
  readonly picturesAfterAnswer: number;
  readonly picturesAfterLimit: number;
  readonly attempts: number;
  readonly recordedAtOnce: boolean;
  readonly answerMs: number;
  readonly codes: Readonly<Record<string, number>>;
}

async function trial(kind: Trial['kind'], urls: readonly string[], cluster: Cluster): Promise<Trial> {
  const traffic = startTraffic(urls);
  // The console of whoever is on call shows the switches.
  await Promise.all(urls.map((url) => fetch(`${url}/v1/kill`, { headers: { authorization: `Bearer ${KEYS.operator}` } })));
  await until(() => traffic.answers.filter(({ code }) => code === 'picture').length >= IN_FLIGHT / 4, 120_000);
  await sleep(Math.random() * 500);
  const startedAt = performance.now();
  const database = kind === 'crash' ? crash(cluster) : Promise.resolve();
  const { id, answeredAt, attempts, answer } = await throwSwitch(urls);
  await database;
  const refusedAt = (process: number) =>
    traffic.answers.find((one) => one.process === process && one.at > startedAt && CLOSED.has(one.code))?.at;
  await until(() => urls.every((_, process) => refusedAt(process) !== undefined), 60_000);
  await sleep(3_000);
  await traffic.end();
  const after = traffic.answers.filter(({ at }) => at > startedAt);
  const pictures = after.filter(({ code }) => code === 'picture').map(({ at }) => at);
  await liftAll(urls, id);
  if (answer['settled'] !== true && kind === 'plain') note('the switch did not settle');
  return {
    kind,
    lastPictureMs: Math.max(0, ...pictures.map((at) => at - startedAt)),
    lastProcessMs: Math.max(...urls.map((_, process) => (refusedAt(process) ?? Number.POSITIVE_INFINITY) - startedAt)),
    picturesAfterAnswer: pictures.filter((at) => at > answeredAt).length,
    picturesAfterLimit: pictures.filter((at) => at > startedAt + LIMIT_MS).length,
    attempts,
    recordedAtOnce: answer['recorded'] === true,
    answerMs: answeredAt - startedAt,
    codes: countBy(after.map(({ code }) => code)),
  };
}

async function crash(cluster: Cluster): Promise<void> {
  await cluster.kill9();
  await sleep(2_000);
  await cluster.restart();
}

async function liftAll(urls: readonly string[], id: string): Promise<void> {
  await until(async () => (await operate(urls[0] ?? '', `/v1/kill/${id}/lift`, {}).catch(() => null))?.status === 200, 60_000);
  await until(
    async () => (await Promise.all(urls.map((url, process) => ask(url, process)))).every(({ code }) => code === 'picture'),
    60_000,
  );
}

async function until(holds: () => boolean | Promise<boolean>, limitMs: number): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${limitMs} ms for nothing`);
    await sleep(20);
  }
}

function countBy(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function spread(all: readonly number[]) {
  return { p50: rounded(quantile(all, 0.5)), p99: rounded(quantile(all, 0.99)), max: rounded(Math.max(...all)) };
}

function summary(trials: readonly Trial[]) {
  if (trials.length === 0) return { trials: 0 };
  return {
    trials: trials.length,
    lastProcessMs: spread(trials.map(({ lastProcessMs }) => lastProcessMs)),
    lastPictureMs: spread(trials.map(({ lastPictureMs }) => lastPictureMs)),
    answerMs: spread(trials.map(({ answerMs }) => answerMs)),
    picturesAfterAnswer: trials.reduce((sum, one) => sum + one.picturesAfterAnswer, 0),
    picturesAfterOneSecond: trials.reduce((sum, one) => sum + one.picturesAfterLimit, 0),
  };
}

/** Several gateways on one database have one master key and one evidence store, or none opens what another sealed. A data directory has one owner, though. */
async function shareKeysAndEvidence(first: string, own: string): Promise<void> {
  await mkdir(join(own, 'data'), { mode: 0o700 });
  for (const name of ['keys', 'evidence']) await symlink(join(first, 'data', name), join(own, 'data', name));
}

async function main(): Promise<void> {
  const cluster = await startCluster();
  if (cluster === null) throw new Error('This needs an installed PostgreSQL.');
  const model = await startModel();
  const home = await mkdtemp(join(tmpdir(), 'imp-kill-'));
  const databaseUrl = cluster.url(await cluster.createDatabase());
  const gateways: Child[] = [];
  const homes: string[] = [];
  const trials: Trial[] = [];
  try {
    for (let i = 0; i < PROCESSES; i++) {
      const own = await mkdtemp(join(home, 'gateway-'));
      if (homes[0] !== undefined) await shareKeysAndEvidence(homes[0], own);
      homes.push(own);
      const keys = ['--caller-key', KEYS.caller, '--operator-key', KEYS.operator];
      const child = new URL('./gateway-child.js', import.meta.url).pathname;
      const args = [
        child,
        '--upstream',
        model.url,
        '--steps',
        'ledger,sealing,signing,unmarked',
        '--home',
        own,
        '--database-url',
        databaseUrl,
        ...keys,
      ];
      gateways.push(await startChild({ args }));
    }
    const urls = gateways.map(({ hello }) => hello['url'] ?? '');
    for (let i = 0; i < TRIALS + CRASHES; i++) {
      const one = await trial(i < TRIALS ? 'plain' : 'crash', urls, cluster);
      trials.push(one);
      note(
        `${i + 1} ${one.kind}: held everywhere after ${rounded(one.lastProcessMs)} ms, last picture after ${rounded(one.lastPictureMs)} ms, answered after ${rounded(one.answerMs)} ms (attempt ${one.attempts}, recorded ${one.recordedAtOnce}), late ${one.picturesAfterAnswer}/${one.picturesAfterLimit} ${JSON.stringify(one.codes)}`,
      );
    }
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    model.close();
    await cluster.stop();
    await rm(home, { recursive: true, force: true });
  }
  const of = (kind: Trial['kind']) => summary(trials.filter((one) => one.kind === kind));
  await writeResult('kill-switch', { processes: PROCESSES, inFlight: IN_FLIGHT, plain: of('plain'), databaseKilled: of('crash') });
  if (trials.some(({ picturesAfterLimit, picturesAfterAnswer }) => picturesAfterLimit + picturesAfterAnswer > 0)) process.exitCode = 1;
}

await main();
