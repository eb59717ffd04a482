import { readPrompt } from '../../reading/read-prompt.ts';
import { type HashTable, lookUp } from '../hash-table.ts';
import { hashText } from '../hash-text.ts';
import { MAX_TERM_WORDS } from '../term-hits.ts';
import type { Labels } from './heads.ts';
import { HEADS } from './heads.ts';
import { lessonOf } from './label-rows.ts';
import { createRandom } from './random.ts';
import type { Row } from './read-rows.ts';
import { synthesize } from './synthesize.ts';
import type { TermFile } from './term-lists.ts';

/** A row, read. */
export interface Text {
  readonly source: string;
  readonly lang: string;
  readonly group: string;
  readonly words: readonly string[];
  /** Absent for a text that only measures. */
  readonly lesson?: { readonly labels: Labels; readonly weight: number };
}

/** The words that a classifier sees of a prompt: those of its positive parts. */
export function wordsToScore(text: string): string[] {
  const words: string[] = [];
  for (const { role, canonical } of readPrompt(text).parts)
    if (role === 'positive') for (const word of canonical.words) words.push(word.text);
  return words;
}

/** Reads rows; made-up texts are grown from the harmless ones among them and stay in the group of their caption. */
export function readTexts(rows: readonly Row[], lists: TermFile, synthetic: number, seed: number, terms: HashTable): Text[] {
  const risky = classHeads(lists);
  const texts = rows.map((row): Text => {
    const lesson = lessonOf(row);
    const words = wordsToScore(row.text);
    const base = { source: row.source, lang: row.lang, group: row.group, words };
    if (lesson === undefined) return base;
    const unsure = row.unsafe === null && row.source === 'diffusiondb-imagereward';
    return { ...base, lesson: unsure ? { ...lesson, labels: withoutSuspects(lesson.labels, words, terms, risky) } : lesson };
  });
  return [...texts, ...madeUp(rows, lists, synthetic, seed)];
}

const CAPTIONS = new Set(['partiprompts', 'coco-captions', 'dsg-1k', 'imagereward-bench', 'diffusiondb-imagereward', 'flowgrpo-ocr']);
export const SYNTHETIC = 'synthetic';

function madeUp(rows: readonly Row[], lists: TermFile, count: number, seed: number): Text[] {
  const captions = rows.filter(({ source }) => CAPTIONS.has(source));
  const random = createRandom(seed);
  return Array.from({ length: captions.length === 0 ? 0 : count }, () => {
    const row = captions[random.below(captions.length)];
    const made = synthesize((row?.text ?? '').slice(0, 240), lists, random);
    const lesson = { labels: made.labels, weight: 0.7 };
    return { source: SYNTHETIC, lang: 'en', group: row?.group ?? '', words: wordsToScore(made.text), lesson };
  });
}

/** Real users' prompts are unlabeled; where one has a term of a risky class, nothing is claimed about that class's heads. */
function withoutSuspects(labels: Labels, words: readonly string[], terms: HashTable, risky: readonly number[]): Labels {
  let mask = 0;
  for (let at = 0; at < words.length; at++) mask |= lookUp(terms, hashText(words[at] ?? ''));
  return labels.map((label, head) => ((mask & (risky[head] ?? 0)) === 0 ? label : -1));
}

/** For each head the classes (bits) whose single words make a real prompt suspect. */
function classHeads({ classes }: TermFile): number[] {
  const names = Object.entries(classes);
  return HEADS.map(({ name }) => names.reduce((mask, [, { heads }], bit) => (heads.includes(name) ? mask | (1 << bit) : mask), 0));
}

/** ISO 639: nobody said what language it is; so come the prompts that reviewers decided. */
export const UNDETERMINED = 'und';
const KNOWN_FROM = 2;
const MOST_KNOWN = 60_000;
const PLAIN = /^[a-z]{1,20}$/;
const REPAIR_TO =
  /^(sexual|nudity|gore|killing|corpse|disturbing|self_harm|drugs|crime|fraud|hate_symbol|extremism|suggestive|weapon|blood)/;

/** Words that are no slips of the pen: those met twice in real English texts, and those of the lists. */
export function knownWordHashes(texts: readonly Text[], lists: TermFile): Map<number, number> {
  const counts = new Map<string, number>();
  for (const { words, lesson, source, lang } of texts)
    if (lesson !== undefined && source !== SYNTHETIC && (lang === 'en' || lang === UNDETERMINED))
      for (const word of words) if (PLAIN.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= KNOWN_FROM).sort(([, a], [, b]) => b - a);
  const known = new Map(kept.slice(0, MOST_KNOWN).map(([word]) => [hashText(word), 1]));
  for (const word of repairableWords(lists)) known.set(hashText(word), 1);
  return known;
}

/** Single words of the lists that a slip of the pen is repaired to. */
export function repairableWords({ classes }: TermFile): string[] {
  const words = Object.entries(classes).flatMap(([name, { terms }]) => (REPAIR_TO.test(name) ? terms : []));
  return [...new Set(words.filter((word) => PLAIN.test(word) && word.length >= MAX_TERM_WORDS))].sort();
}
