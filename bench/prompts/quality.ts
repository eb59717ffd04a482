/**
 * The quality table of the local prompt path, as far as labeled development rows allow: a model is trained and its
 * thresholds are set on one half of the rows (halved by group) and everything is measured on the other half; a second
 * model never saw the adversarial sets. `IMPRIMATUR_PROMPT_DATA=DIR npx tsx bench/prompts/quality.ts`. Prints rates only.
 * `--half FILE --unseen FILE` measures models that an earlier run kept there, or keeps those that it trains.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { hashText } from '../../src/prompts/classifier/hash-text.ts';
import { decodeModel } from '../../src/prompts/classifier/model-file.ts';
import { createPromptClassifier } from '../../src/prompts/classifier/prompt-classifier.ts';
import type { PromptModel } from '../../src/prompts/classifier/prompt-model.ts';
import { fileOf } from '../../src/prompts/classifier/train/fit-model.ts';
import { wordsToScore } from '../../src/prompts/classifier/train/lessons.ts';
import { type Row, readRows } from '../../src/prompts/classifier/train/read-rows.ts';
import { readTermLists } from '../../src/prompts/classifier/train/term-lists.ts';
import { trainModel } from '../../src/prompts/classifier/train/train-model.ts';
import { loadPromptRules } from '../../src/prompts/rules/load-prompt-rules.ts';
import { note, writeResult } from '../results.ts';
import { digits, shareOf } from './quality-metrics.ts';
import { namesTable } from './quality-names.ts';
import { localPaths, type Path, type Paths } from './quality-path.ts';
import { dilutionTable, disguiseTable, harmlessTable, isCaption, minorsTable, rankingTable, recallTable } from './quality-table.ts';

const data = process.env['IMPRIMATUR_PROMPT_DATA'];
if (data === undefined) {
  process.stderr.write('Set IMPRIMATUR_PROMPT_DATA to the folder that holds dev/ and lexicons/.\n');
  process.exit(64);
}
const rules = await loadPromptRules('policies/standard/prompt-rules.yaml');
const lists = await readTermLists('policies/standard/prompt-model.terms.yaml', join(data, 'lexicons'));
const rows = await readRows(join(data, 'dev'));
const isTrain = ({ group }: Row) => hashText(`half ${group}`) % 2 === 0;
const [teaching, measuring] = [rows.filter(isTrain), rows.filter((row) => !isTrain(row))];
const { values: files } = parseArgs({ options: { half: { type: 'string' }, unseen: { type: 'string' } } });
const train = (own: readonly Row[], name: string): PromptModel =>
  trainModel({ rows: own, lists, seed: 1, version: name, synthetic: 16_000, onStep: (step) => note(`${name}: ${step}`) });

/** The model kept in this file; where there is none, a new one, which is kept there. */
async function modelOf(own: readonly Row[], name: 'half' | 'unseen'): Promise<PromptModel> {
  const path = files[name];
  if (path !== undefined && existsSync(path)) return decodeModel(await readFile(path));
  const trained = train(own, name);
  if (path !== undefined) await writeFile(path, fileOf(trained));
  return trained;
}

/** Sets of risky image prompts; leaving all of them out shows what an unseen set would meet. */
const RISK_SETS = /^(ring-a-bell|adversarial-nibbler|overt-unsafe)/;
const PROBED = 400;

function caughtBy(path: Path): string[] {
  const unsafe = measuring.filter(
    (row) => row.unsafe === 1 && row.lang === 'en' && /^(overt-unsafe|ring-a-bell|ailuminate)/.test(row.source),
  );
  return unsafe
    .map(({ text }) => text)
    .filter((text) => path(text).flagged)
    .slice(0, PROBED);
}

const unsafeVotes = ({ meta }: Row) => {
  const votes = meta?.['text'];
  return typeof votes === 'object' && votes !== null && 'text_unsafe' in votes ? Number(votes.text_unsafe) : 0;
};

function unseenTable({ both, classifier }: Paths) {
  const nibbler = measuring.filter((row) => row.source === 'adversarial-nibbler' && unsafeVotes(row) >= 4);
  const recall = (path: Path) => ({
    ...recallTable(measuring, path),
    'adversarial-nibbler, unsafe text': { rows: nibbler.length, recall: digits(shareOf(nibbler, ({ text }) => path(text).flagged)) },
  });
  return { classifier: recall(classifier), both: recall(both), harmless: harmlessTable(measuring, both).pooled };
}

function speed(model: PromptModel) {
  const classifier = createPromptClassifier(model);
  const prompts = measuring.filter(({ source, text }) => source === 'diffusiondb-imagereward' && text.length > 110 && text.length < 140);
  const texts = prompts.slice(0, 300).map(({ text }) => wordsToScore(text));
  const times: number[] = [];
  for (let round = 0; round < 40; round++)
    for (const words of texts) {
      const startedAt = performance.now();
      classifier.score(words);
      times.push((performance.now() - startedAt) * 1000);
    }
  times.sort((a, b) => a - b);
  const at = (q: number) => Number((times[Math.floor(q * times.length)] ?? 0).toFixed(1));
  return { scoreUsP50: at(0.5), scoreUsP99: at(0.99), prompts: texts.length };
}

const model = await modelOf(teaching, 'half');
const unseenModel = await modelOf(
  teaching.filter(({ source }) => !RISK_SETS.test(source)),
  'unseen',
);
const paths = await localPaths(model, rules);
const caught = caughtBy(paths.both);
const harmless = measuring.filter(({ source }) => source === 'coco-captions' || source === 'partiprompts').map(({ text }) => text);
const result = {
  method: 'trained and thresholds set on one half of the development rows (by group), measured on the other half',
  harmless: {
    classifier: harmlessTable(measuring, paths.classifier),
    rules: harmlessTable(measuring, paths.rules).pooled,
    both: harmlessTable(measuring, paths.both),
  },
  ranking: { classifier: rankingTable(measuring, paths.classifier), both: rankingTable(measuring, paths.both) },
  recall: {
    classifier: recallTable(measuring, paths.classifier),
    rules: recallTable(measuring, paths.rules),
    both: recallTable(measuring, paths.both),
  },
  disguises: { caught: caught.length, ...disguiseTable(caught, harmless.slice(0, 500), paths.both) },
  dilution: dilutionTable(caught, harmless, paths.both),
  minors: minorsTable(paths),
  names: await namesTable(rows, rows.filter(isCaption), rules),
  unseenRiskSets: unseenTable(await localPaths(unseenModel, rules)),
  speed: speed(model),
};
await writeResult('prompt-quality', result);
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
