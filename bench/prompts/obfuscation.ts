import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluatePrompt } from '../../src/prompts/rules/evaluate-prompt.ts';
import { rulesFrom, standardRules } from '../../src/prompts/rules/standard-rules.fixture.ts';
import { seededRandom } from '../random.ts';
import { TRICKS } from './tricks.ts';

/** True when a prompt is flagged. */
export type Detector = (prompt: string) => boolean;

export interface FamilyResult {
  readonly family: string;
  readonly isLossy: boolean;
  /** Share of the prompts caught in plain words that are caught in disguise too. */
  readonly recallKept: number;
  /** Share of benign prompts flagged in disguise, less the share flagged in plain words; in points. */
  readonly addedFalsePoints: number;
}

/** Applies every family of tricks to both lists and compares the detector's answers with those for the plain words. */
export function measureObfuscation(detect: Detector, unsafe: readonly string[], benign: readonly string[]): FamilyResult[] {
  const caught = unsafe.filter(detect);
  const plainFalse = benign.filter(detect).length;
  return TRICKS.map(({ name, isLossy, apply }, index) => {
    const random = seededRandom(index + 1);
    const stillCaught = caught.filter((text) => detect(apply(text, random))).length;
    const falseInDisguise = benign.filter((text) => detect(apply(text, random))).length;
    return {
      family: name,
      isLossy,
      recallKept: stillCaught / Math.max(1, caught.length),
      addedFalsePoints: (100 * (falseInDisguise - plainFalse)) / Math.max(1, benign.length),
    };
  });
}

/** English rows of a file of labelled prompts; only counts and rates of them may leave this program. */
export function textsOf(folder: string, file: string, isWanted: (row: { unsafe: number | null; source: string }) => boolean): string[] {
  const rows = readFileSync(join(folder, 'dev', `${file}.jsonl`), 'utf8').split('\n');
  return rows.flatMap((line) => {
    if (line === '') return [];
    const row = JSON.parse(line);
    return row.lang === 'en' && isWanted(row) ? [String(row.text)] : [];
  });
}

const MARKER_RULES = `
version: "1"
rules:
  - { id: marker, category: brand_safety, score: 1, languages: [en], anyOf: [purple teapot] }
`;

function print(title: string, results: readonly FamilyResult[], caught: number, plainFalse: number): void {
  console.log(`\n${title}: ${caught} caught in plain words, ${plainFalse} benign flagged in plain words`);
  for (const { family, isLossy, recallKept, addedFalsePoints } of results)
    console.log(
      `${(isLossy ? '~ ' : '  ') + family.padEnd(32)} ${recallKept.toFixed(3)}  ${addedFalsePoints >= 0 ? '+' : ''}${addedFalsePoints.toFixed(2)}`,
    );
}

function main(): void {
  const folder = process.env['IMPRIMATUR_PROMPT_DATA'];
  if (folder === undefined) throw new Error('IMPRIMATUR_PROMPT_DATA must name the folder of labelled prompts');
  const all = textsOf(folder, 't2i_benign', ({ unsafe }) => unsafe === 0);
  const benign = all.filter((_, index) => index % 9 === 0).slice(0, 1500);
  const unsafe = ['t2i_overt_pairs', 't2i_adversarial', 'web_moderation_openai', 't2i_i2p_weak'].flatMap((file) =>
    textsOf(folder, file, (row) => row.unsafe === 1 && !row.source.startsWith('ring-a-bell')),
  );
  const rules = standardRules();
  const detect: Detector = (prompt) => evaluatePrompt(rules, prompt).length > 0;
  const short = unsafe.filter((text) => text.length < 500);
  const caught = short.filter(detect).slice(0, 1200);
  print('word rules', measureObfuscation(detect, caught, benign), caught.length, benign.filter(detect).length);

  const marker = rulesFrom(MARKER_RULES);
  const planted = benign.slice(0, 600).map((text) => {
    const words = text.split(' ');
    return [...words.slice(0, words.length >> 1), 'purple teapot', ...words.slice(words.length >> 1)].join(' ');
  });
  const seesMarker: Detector = (prompt) => evaluatePrompt(marker, prompt).length > 0;
  print('planted marker', measureObfuscation(seesMarker, planted, benign), planted.length, benign.filter(seesMarker).length);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
