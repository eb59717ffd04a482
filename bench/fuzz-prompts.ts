/**
 * The long fuzz of the prompt layer: `npm run fuzz:prompts [-- --count 1000000 --seed N --from N]`. Ends with code 1 when a
 * promise broke; the seed and number of the input make it again. Interrupted, it reports on what it did so far.
 */
import { parseArgs } from 'node:util';
import { openTextChecks } from '../src/compose/text-checks.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { note, writeResult } from './results.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string' }, from: { type: 'string', default: '0' } },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const [count, from] = [Number(values.count), Number(values.from)];
note(`seed ${seed}, inputs ${from} to ${from + count}`);

const gazetteers = { packs: [], without: [], publicKeys: [], allowUnsigned: false };
const settings = { policy: 'standard', promptRules: undefined, gazetteers, classifiers: [], classifierRules: undefined, hashLists: [] };
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isStopped = true;
  });
const startedAt = performance.now();
const report = await fuzz({
  seed,
  from,
  count,
  parts: await openTextChecks(settings),
  mostMs: 50,
  mostMsPerChar: 0.02,
  mostRssMb: 700,
  isStopped: () => isStopped,
  onProgress: (done) => done % 100_000 === 0 && note(`${done} inputs`),
});
const seconds = Math.round((performance.now() - startedAt) / 1000);
for (const violation of report.violations) note(JSON.stringify(violation));
note(`${report.violations.length} violations`);
if (values.seed === undefined && from === 0) await writeResult('fuzz-prompts', { seed, seconds, ...report });
process.exitCode = report.violations.length === 0 ? 0 : 1;
