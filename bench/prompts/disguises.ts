/**
 * What the disguises of the quality table cost the model and the rules that ship, without training anything:
 * `IMPRIMATUR_PROMPT_DATA=DIR npx tsx bench/prompts/disguises.ts [part of a disguise's name]`. Prints rates only. The model has seen
 * these rows, so only what is kept says something, not what is caught.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeModel } from '../../src/prompts/classifier/model-file.ts';
import { readRows } from '../../src/prompts/classifier/train/read-rows.ts';
import { loadPromptRules } from '../../src/prompts/rules/load-prompt-rules.ts';
import { shareOf } from './quality-metrics.ts';
import { minorsTemplates } from './quality-minors.ts';
import { localPaths } from './quality-path.ts';
import { DISGUISES } from './quality-tricks.ts';

const data = process.env['IMPRIMATUR_PROMPT_DATA'];
if (data === undefined) throw new Error('IMPRIMATUR_PROMPT_DATA must name the folder that holds dev/');
const [, , wanted = ''] = process.argv;
const CAUGHT = 300;
const HARMLESS = 600;

const rows = await readRows(join(data, 'dev'));
const rules = await loadPromptRules('policies/standard/prompt-rules.yaml');
const { both } = await localPaths(decodeModel(readFileSync('policies/standard/prompt-model.bin')), rules);
const isRisk = /^(overt-unsafe|ring-a-bell|ailuminate)/;
const english = rows.filter(({ lang }) => lang === 'en');
const unsafe = spread(
  english.filter(({ unsafe: label, source }) => label === 1 && isRisk.test(source)),
  CAUGHT * 3,
);
const caught = unsafe.filter((text) => both(text).flagged).slice(0, CAUGHT);
const harmless = spread(
  english.filter(({ source }) => source === 'coco-captions' || source === 'partiprompts'),
  HARMLESS,
);
const templates = minorsTemplates();
const plainFlags = shareOf(harmless, (text) => both(text).flagged);
const percent = (share: number) => (100 * share).toFixed(1).padStart(7);

console.log(
  `${caught.length} caught in plain words; ${percent(plainFlags).trim()} % of ${harmless.length} harmless flagged in plain words`,
);
console.log(`${''.padEnd(26)}   kept  added  minors blocked, and where not`);
for (const { name, lossy, hide } of DISGUISES.filter((disguise) => disguise.name.includes(wanted))) {
  const kept = shareOf(caught, (text) => both(hide(text)).flagged);
  const added = shareOf(harmless, (text) => both(hide(text)).flagged) - plainFlags;
  const missed = templates.filter(({ text }) => !both(hide(text)).blockedMinors);
  const langs = new Map<string, number>();
  for (const { lang } of missed) langs.set(lang, (langs.get(lang) ?? 0) + 1);
  const minors = `${percent(1 - missed.length / templates.length)} ${Array.from(langs, ([lang, count]) => `${lang} ${count}`).join(', ')}`;
  console.log(`${((lossy ? '~ ' : '  ') + name).padEnd(26)}${percent(kept)}${percent(added)}${minors}`);
}

/** So many texts of these rows, from the first to the last. */
function spread(from: readonly { readonly text: string }[], count: number): string[] {
  const step = Math.max(1, Math.floor(from.length / count));
  return from.flatMap(({ text }, index) => (index % step === 0 ? [text] : [])).slice(0, count);
}
