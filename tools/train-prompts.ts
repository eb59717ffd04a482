/**
 * Trains the bundled prompt classifier: `npm run train -- --data DIR --out FILE`. DIR holds `dev/*.jsonl` and `lexicons/`
 * and may also be given as IMPRIMATUR_PROMPT_DATA. Writes the model, and beside it a JSON that says what it was made of.
 * The same rows, lists, seed and program give the same bytes. Prints counts and times, never a text.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileOf } from '../src/prompts/classifier/train/fit-model.ts';
import { readRows } from '../src/prompts/classifier/train/read-rows.ts';
import { readTermLists } from '../src/prompts/classifier/train/term-lists.ts';
import { trainModel } from '../src/prompts/classifier/train/train-model.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['IMPRIMATUR_PROMPT_DATA'] ?? '' },
    out: { type: 'string', default: 'policies/standard/prompt-model.bin' },
    terms: { type: 'string', default: 'policies/standard/prompt-model.terms.yaml' },
    seed: { type: 'string', default: '1' },
    version: { type: 'string', default: '1' },
  },
});
if (values.data === '') {
  process.stderr.write('Usage: npm run train -- --data DIR [--out FILE] [--terms FILE] [--seed N] [--version V]\n');
  process.exit(64);
}
const say = (step: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${step}\n`);
const model = trainModel({
  rows: await readRows(join(values.data, 'dev')),
  lists: await readTermLists(values.terms, join(values.data, 'lexicons')),
  seed: Number(values.seed),
  version: values.version,
  onStep: say,
});
const file = fileOf(model);
await writeFile(values.out, file);
const { bucketBits, classes, heads, provenance } = model.header;
const card = {
  file: basename(values.out),
  sha256: createHash('sha256').update(file).digest('hex'),
  bytes: file.length,
  version: values.version,
  bucketBits,
  classes,
  heads: heads.map(({ name, category, windowPenalties, foreignPenalty }) => ({ name, category, windowPenalties, foreignPenalty })),
  provenance,
};
await writeFile(values.out.replace(/(?:\.bin)?$/, '.json'), `${JSON.stringify(card, null, 2)}\n`);
say(`wrote ${values.out}, ${file.length} bytes`);
