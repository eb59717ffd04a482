/**
 * How long the gateway's own loop is held up while pictures stream through every check of the standard policy.
 *
 *   npx tsx bench/run.ts event-loop-lag [--seconds 30] [--connections 4]
 *
 * The gateway runs in this process; the model and whoever asks run in others. Delays are those of a timer of one millisecond, the millisecond taken off.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startGateway } from '../src/compose/start-gateway.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { startChild } from './child-process.ts';
import { load } from './load.ts';
import { note, writeResult } from './results.ts';
import { rounded } from './statistics.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    connections: { type: 'string', default: '4' },
    // How the process that asks is started.
    ask: { type: 'string' },
    key: { type: 'string', default: '' },
  },
});
const [SECONDS, CONNECTIONS] = [Number(values.seconds), Number(values.connections)];
const RESOLUTION_MS = 1;

if (values.ask === undefined) await measure();
else await ask(values.ask);

async function ask(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${values.key}`, 'content-type': 'application/json' };
  const target = { name: 'gateway', url, headers, pid: process.pid };
  await load(target, 'full', CONNECTIONS, 5);
  process.stdout.write('{"warm":"true"}\n');
  const { perSecond, p50Ms, p99Ms } = await load(target, 'full', CONNECTIONS, SECONDS);
  process.stdout.write(`${JSON.stringify({ perSecond, p50Ms, p99Ms })}\n`);
}

async function measure(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const model = await startChild({ args: [fileURLToPath(new URL('./mock-backend.js', import.meta.url))] });
  const config = join(home, 'imprimatur.yaml');
  const models = [{ name: 'gpt-image-full', kind: 'openai', baseUrl: `${model.hello['url']}/v1` }];
  await writeFile(config, JSON.stringify({ port: 0, logLevel: 'warn', dataDir: join(home, 'data'), policy: 'standard', models }));
  const gateway = await startGateway(loadConfig({ flags: { config }, env: {} }));
  try {
    const self = fileURLToPath(import.meta.url);
    const key = gateway.firstKeys['api'] ?? '';
    const asking = await startChild({
      args: [self, '--ask', gateway.url, '--key', key, '--seconds', values.seconds, '--connections', values.connections],
    });
    const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delays.enable();
    const before = performance.eventLoopUtilization();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
    const { utilization } = performance.eventLoopUtilization(before);
    delays.disable();
    const ms = (nanoseconds: number) => rounded(Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS));
    const lagMs = {
      p50: ms(delays.percentile(50)),
      p99: ms(delays.percentile(99)),
      p999: ms(delays.percentile(99.9)),
      max: ms(delays.max),
    };
    note(JSON.stringify(lagMs));
    await asking.stop();
    await writeResult('event-loop-lag', {
      seconds: SECONDS,
      connections: CONNECTIONS,
      picture: '1024×1024 PNG of noise',
      lagMs,
      utilization: rounded(utilization),
    });
  } finally {
    await gateway.close();
    await model.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}
