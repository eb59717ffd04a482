import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PACKS_DIR } from '../../packs.ts';
import { fileOf } from '../../prompts/classifier/train/fit-model.ts';
import { readRows } from '../../prompts/classifier/train/read-rows.ts';
import { readTermLists } from '../../prompts/classifier/train/term-lists.ts';
import { trainModel } from '../../prompts/classifier/train/train-model.ts';
import { exampleLessons, REVIEWERS } from '../../prompts/learning/example-lessons.ts';
import { promptLabelsSchema } from '../../prompts/learning/prompt-labels.ts';
import { EXIT, type ParsedArgs, type Terminal, UsageError } from '../command.ts';
import { askJson, type GatewayClient } from '../gateway-client.ts';

const decided = z.object({
  unreadable: z.int(),
  data: z.array(z.object({ id: z.string(), text: z.string(), labels: promptLabelsSchema })),
});
const TERMS_PATH = join(PACKS_DIR, 'standard', 'prompt-model.terms.yaml');
const version = z.string().regex(/^[\w.+-]{1,64}$/);

/**
 * Trains a model in this process from the rows of a folder and from what reviewers decided. Decided prompts come through
 * the control socket and stay in memory; only weights are written. Prints counts and times, never a text.
 */
export async function train(client: GatewayClient, { options, json }: ParsedArgs, { out, err }: Terminal): Promise<number> {
  const { data = '', out: path = '', terms = TERMS_PATH, seed = '1', name = '1', examples: wanted = 'yes' } = options;
  if (!/^\d{1,9}$/.test(seed) || !version.safeParse(name).success || !['yes', 'no'].includes(wanted))
    throw new UsageError('--seed is a whole number, --name a version such as 2.1, --examples yes or no.');
  const [dev, lexicons] = [join(data, 'dev'), join(data, 'lexicons')];
  const rows = await readRows(existsSync(dev) ? dev : data);
  const lists = await readTermLists(terms, existsSync(lexicons) ? lexicons : undefined);
  const answered = wanted === 'yes' ? decided.parse(await askJson(client, 'GET', '/v1/prompt-examples')) : { data: [], unreadable: 0 };
  const examples = exampleLessons(answered.data);
  const settings = { rows, lists, seed: Number(seed), version: name, examples, onStep: (step: string) => err(step) };
  const model = trainModel(settings);
  const file = fileOf(model);
  await writeFile(path, file);
  // What a model was made of stands in it; a promise about decided prompts is kept or it is said that it was not.
  const taught = model.header.provenance.rows[REVIEWERS] ?? 0;
  if (taught < examples.length) err(`Of ${examples.length} decided prompts, ${taught} were used.`);
  const facts = { path, bytes: file.length, version: name, rows: rows.length, decided_prompts: taught, unreadable: answered.unreadable };
  out(json ? JSON.stringify(facts) : `${path}: ${file.length} bytes, from ${rows.length} rows and ${taught} decided prompts.`);
  return EXIT.done;
}
