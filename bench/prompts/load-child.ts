/**
 * Loads the local prompt path as the gateway does, once, and says in one line of JSON how many milliseconds each part took.
 * `--parsed`: as if an operator had edited the files, so that nothing that the build prepared may be used.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { PACKS_DIR, PROMPT_RULES_PATH } from '../../src/packs.ts';
import { classifyPrompt } from '../../src/prompts/classifier/judge-prompt.ts';
import { decodeModel } from '../../src/prompts/classifier/model-file.ts';
import { createPromptClassifier } from '../../src/prompts/classifier/prompt-classifier.ts';
import { evaluateNames } from '../../src/prompts/gazetteers/evaluate-names.ts';
import { loadGazetteer } from '../../src/prompts/gazetteers/load-gazetteer.ts';
import { preparedPrompts } from '../../src/prompts/prepared-prompts.ts';
import { createPromptJudge } from '../../src/prompts/prompt-judge.ts';
import { readPrompt } from '../../src/prompts/reading/read-prompt.ts';
import { standardWordBook } from '../../src/prompts/reading/word-book.ts';
import { loadPromptRules } from '../../src/prompts/rules/load-prompt-rules.ts';

const prepared = () => (process.argv.includes('--parsed') ? Promise.resolve(undefined) : preparedPrompts());
const times: Record<string, string> = {};
async function timed<Loaded>(part: string, work: () => Loaded): Promise<Awaited<Loaded>> {
  const startedAt = performance.now();
  const loaded = await work();
  times[part] = (performance.now() - startedAt).toFixed(2);
  return loaded;
}

const settings = {
  shippedDir: join(PACKS_DIR, 'gazetteers'),
  without: [],
  operatorPacks: [],
  trust: { publicKeys: [], allowUnsigned: false },
};
const startedAt = performance.now();
await timed('words', standardWordBook);
const rules = await timed('rules', () => loadPromptRules(PROMPT_RULES_PATH, prepared()));
const gazetteer = await timed('names', () => loadGazetteer(settings, prepared()));
const classifier = await timed('classifier', async () =>
  createPromptClassifier(decodeModel(await readFile(join(PACKS_DIR, 'standard', 'prompt-model.bin')))),
);
times['all'] = (performance.now() - startedAt).toFixed(2);
await timed('firstPrompt', () => {
  const judge = createPromptJudge([rules]);
  const reading = readPrompt('a lighthouse above the sea at sunset, seen from a boat', judge.book);
  return [judge.judge(reading.original), classifyPrompt(classifier, reading), evaluateNames(gazetteer, reading)];
});
process.stdout.write(`${JSON.stringify(times)}\n`);
