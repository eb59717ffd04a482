/**
 * Damaged and hostile files through the detector of the invisible watermark, as `imprimatur watermark detect` runs it: a worker process and a deadline.
 *
 *   npx tsx bench/run.ts watermark-mutated [--files 10000]
 */
import { parseArgs } from 'node:util';
import { progressBar } from '../src/cli/progress.ts';
import { note, writeResult } from './results.ts';
import { detectMutated } from './watermark/mutated-files.ts';

const { values } = parseArgs({ options: { files: { type: 'string', default: '10000' } } });
const bar = progressBar('files', { isInteractive: process.stderr.isTTY === true, out: () => {}, err: () => {} });
const result = await detectMutated(Number(values.files), (done) => {
  bar.update(done, Number(values.files));
  if (done % 1000 === 0) note(`${done} files`);
});
bar.end();
await writeResult('watermark-mutated', { ...result });
