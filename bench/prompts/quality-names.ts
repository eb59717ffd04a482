import { join } from 'node:path';
import type { Category } from '../../src/contracts/category.ts';
import { PACKS_DIR } from '../../src/packs.ts';
import type { Row } from '../../src/prompts/classifier/train/read-rows.ts';
import { evaluateNames } from '../../src/prompts/gazetteers/evaluate-names.ts';
import { loadGazetteer } from '../../src/prompts/gazetteers/load-gazetteer.ts';
import { createPromptJudge } from '../../src/prompts/prompt-judge.ts';
import { readPrompt } from '../../src/prompts/reading/read-prompt.ts';
import type { PromptRules } from '../../src/prompts/rules/prompt-rules.ts';
import { digits, shareOf } from './quality-metrics.ts';

const MOST_FALSE = 0.01;

/** In this copy of OVERT the names of two categories stand crossed: `privacy` are the rows that name public figures. */
const SETS: Readonly<Record<string, { readonly label: string; readonly categories: readonly Category[] }>> = {
  copyright: { label: 'copyright', categories: ['ip'] },
  publicFigures: { label: 'privacy', categories: ['real_person_likeness', 'political_disinformation'] },
};

/**
 * Names of protected works and of public figures: the share found by gazetteers and rules at the lowest score that no more than
 * one harmless caption in a hundred reaches. Nothing here was trained on any row, but the words of the rules for copies of works
 * were checked against counts of words in the rows on copyright, so that figure is optimistic. A name found is labeled, not always held.
 */
export async function namesTable(rows: readonly Row[], harmless: readonly Row[], rules: PromptRules) {
  const settings = { without: [], operatorPacks: [], trust: { publicKeys: [], allowUnsigned: false } };
  const gazetteer = await loadGazetteer({ shippedDir: join(PACKS_DIR, 'gazetteers'), ...settings });
  const judge = createPromptJudge([rules]);
  const scoreOf = (text: string, categories: readonly Category[]) => {
    const signals = [...evaluateNames(gazetteer, readPrompt(text, judge.book)), ...judge.judge(text)];
    return Math.max(0, ...signals.flatMap(({ category, score }) => (categories.includes(category) ? [score] : [])));
  };
  const entries = Object.entries(SETS).map(([name, { label, categories }]) => {
    const wanted = rows.filter(({ source, categories: [first] }) => source === 'overt-unsafe' && first === label);
    const found = wanted.map(({ text }) => scoreOf(text, categories));
    const wrong = harmless.map(({ text }) => scoreOf(text, categories));
    const levels = [...new Set(found)].filter((score) => score > 0).sort((a, b) => a - b);
    const level = levels.find((score) => shareOf(wrong, (one) => one >= score) <= MOST_FALSE) ?? 2;
    const recall = digits(shareOf(found, (score) => score >= level));
    return [name, { rows: wanted.length, from: level, recall, flagged: digits(shareOf(wrong, (score) => score >= level)) }] as const;
  });
  return Object.fromEntries(entries);
}
