/**
 * How often the word rules and the gazetteers speak on each source of labelled prompts. Counts only; no row is printed.
 * Run: IMPRIMATUR_PROMPT_DATA=<folder of labelled data> tsx bench/prompts/rules-rates.ts [file name begins with]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signal } from '../../src/contracts/finding.ts';
import { PACKS_DIR, PROMPT_RULES_PATH } from '../../src/packs.ts';
import { evaluateNames } from '../../src/prompts/gazetteers/evaluate-names.ts';
import { loadGazetteer } from '../../src/prompts/gazetteers/load-gazetteer.ts';
import { readPrompt } from '../../src/prompts/reading/read-prompt.ts';
import { evaluateReading } from '../../src/prompts/rules/evaluate-prompt.ts';
import { loadPromptRules } from '../../src/prompts/rules/load-prompt-rules.ts';

/** From these scores on the standard policy holds; the rest is a label or nothing. */
const HOLD: Readonly<Record<string, number>> = {
  sexual: 0.6,
  sexual_minors: 0.1,
  ncii_undress: 0.3,
  real_person_likeness: 0.6,
  political_disinformation: 0.7,
  hate: 0.5,
  violence_gore: 0.6,
  self_harm: 0.4,
  extremism: 0.5,
  illegal_goods: 0.5,
  ip: 0.8,
  fraud_id_documents: 0.5,
  medical_dangerous: 0.5,
};

interface Tally {
  rows: number;
  readonly seen: Map<string, number>;
}

const [, , wanted = ''] = process.argv;
const folder = join(process.env['IMPRIMATUR_PROMPT_DATA'] ?? '', 'dev');
const rules = await loadPromptRules(PROMPT_RULES_PATH);
const names = await loadGazetteer({
  shippedDir: join(PACKS_DIR, 'gazetteers'),
  without: [],
  operatorPacks: [],
  trust: { publicKeys: [], allowUnsigned: false },
});

const stops = (signals: readonly Signal[]) => signals.some(({ category, score }) => score >= (HOLD[category] ?? 0.5));
const tallies = new Map<string, Tally>();
const details = new Map<string, Tally>();

function note(tally: Map<string, Tally>, key: string, marks: readonly string[]): void {
  const own = tally.get(key) ?? { rows: 0, seen: new Map<string, number>() };
  tally.set(key, own);
  own.rows += 1;
  for (const mark of new Set(marks)) own.seen.set(mark, (own.seen.get(mark) ?? 0) + 1);
}

for (const file of readdirSync(folder).filter((name) => name.startsWith(wanted))) {
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (line === '') continue;
    const { text, source, unsafe, lang, categories = [] } = JSON.parse(line);
    const reading = readPrompt(text);
    const byRule = evaluateReading(rules, reading);
    const byName = evaluateNames(names, reading);
    const marks = [
      ...(byRule.length > 0 ? ['rules any'] : []),
      ...(stops(byRule) ? ['rules stop'] : []),
      ...(byName.length > 0 ? ['names any'] : []),
      ...(byName.some(({ score }) => score >= 0.5) ? ['names 0.5'] : []),
      ...(stops(byName) ? ['names stop'] : []),
    ];
    const label = unsafe === 1 ? 'unsafe' : unsafe === 0 ? 'benign' : 'unlabelled';
    note(tallies, `${file.replace('.jsonl', '')}: ${source} ${label}`, marks);
    if (source.startsWith('ud-')) note(tallies, `language ${lang}: ud ${label}`, marks);
    if (unsafe === 1) for (const category of categories) note(tallies, `unsafe ${category}`, marks);
    const parts = [...byRule, ...byName].filter((signal) => stops([signal])).map(({ reason }) => reason);
    note(details, label, parts);
    const scores = byName.map(({ score, reason }) => `${reason} ${score}`);
    if (file.startsWith('t2i_benign') || file.startsWith('t2i_user')) note(details, `${file} by name and score`, scores);
    if (file.startsWith('t2i_benign')) note(tallies, 't2i_benign: pooled benign', marks);
  }
}

const share = (count: number, rows: number) => `${((100 * count) / rows).toFixed(2)}%`.padStart(8);
const columns = ['rules any', 'rules stop', 'names any', 'names 0.5', 'names stop'];
console.log(`${''.padEnd(64)}${'rows'.padStart(7)}${columns.map((column) => column.padStart(12)).join('')}`);
for (const [key, { rows, seen }] of [...tallies].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${key.padEnd(64)}${String(rows).padStart(7)}${columns.map((column) => share(seen.get(column) ?? 0, rows).padStart(12)).join('')}`,
  );
for (const [label, { rows, seen }] of details) {
  console.log(`\n${label.includes('score') ? '' : 'what stops, '}${label} (${rows} rows)`);
  for (const [reason, count] of [...seen].sort(([, a], [, b]) => b - a))
    console.log(`  ${reason.padEnd(40)}${String(count).padStart(7)}${share(count, rows)}`);
}
