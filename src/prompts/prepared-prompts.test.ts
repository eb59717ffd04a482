import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captions } from '../../bench/prompts/captions.ts';
import { PACKS_DIR, PROMPT_RULES_PATH } from '../packs.ts';
import { evaluateNames } from './gazetteers/evaluate-names.ts';
import { prepareNames } from './gazetteers/gazetteer.ts';
import { loadGazetteer, readShippedPacks } from './gazetteers/load-gazetteer.ts';
import { SHIPPED_PACKS } from './gazetteers/shipped-packs.ts';
import { isPreparedFrom, type PreparedPrompts, preparedPromptsSchema, sha256Of } from './prepared-prompts.ts';
import { readPrompt } from './reading/read-prompt.ts';
import { evaluatePrompt } from './rules/evaluate-prompt.ts';
import { loadPromptRules, readRuleFiles } from './rules/load-prompt-rules.ts';
import { prepareRuleFiles } from './rules/rules.ts';

// What the build makes of the shipped rules and names, and when it is used.

const dir = mkdtempSync(join(tmpdir(), 'imprimatur-prepared-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const copy = join(dir, 'standard');
cpSync(join(PACKS_DIR, 'standard'), copy, { recursive: true });
const copied = join(copy, 'prompt-rules.yaml');
const packsDir = join(PACKS_DIR, 'gazetteers');

const { file, lexicons } = await readRuleFiles(PROMPT_RULES_PATH);
const result = prepareRuleFiles(file, lexicons);
if (!result.ok) throw new Error('the shipped rules have problems');
const prepared: PreparedPrompts = preparedPromptsSchema.parse(
  JSON.parse(
    JSON.stringify({
      format: 'imprimatur/prepared-prompts/2',
      rules: {
        sources: [file, ...lexicons].map(({ name, text }) => ({ name, sha256: sha256Of(text) })),
        prepared: { ...result.prepared, version: 'prepared' },
      },
      names: {
        sources: SHIPPED_PACKS,
        prepared: { ...prepareNames(await readShippedPacks(packsDir, SHIPPED_PACKS)), version: 'prepared' },
      },
    }),
  ),
);
const none = Promise.resolve(undefined);
const ready = Promise.resolve(prepared);
const settings = { shippedDir: packsDir, without: [], operatorPacks: [], trust: { publicKeys: [], allowUnsigned: false } };
const TEXTS = [
  'a scene full of gore',
  'a nude woman on a beach',
  'Elsa in the style of Picasso',
  'a statue, no gore',
  '戦争の絵',
  'decapitated heads',
];
const caption = captions(3);
const texts = [...TEXTS, ...Array.from({ length: 200 }, caption)];

describe('prepared rules', () => {
  it('judge every text as parsed ones do', async () => {
    const [parsed, fast] = await Promise.all([loadPromptRules(copied, none), loadPromptRules(copied, ready)]);
    expect([parsed.version === 'prepared', fast.version]).toEqual([false, 'prepared']);
    expect({ rules: fast.rules.length, terms: fast.termCount }).toEqual({ rules: parsed.rules.length, terms: parsed.termCount });
    for (const text of texts) expect(evaluatePrompt(fast, text), text).toEqual(evaluatePrompt(parsed, text));
    expect(texts.flatMap((text) => evaluatePrompt(fast, text)).length).toBeGreaterThan(2);
  });

  it('are left aside when an operator changed one byte of the file or of a lexicon beside it', async () => {
    const lexicon = join(copy, 'prompt-rules', 'violence.txt');
    expect(isPreparedFrom(copied, prepared.rules.sources)).toBe(true);
    appendFileSync(lexicon, '\n# mine\n');
    expect(isPreparedFrom(copied, prepared.rules.sources)).toBe(false);
    expect((await loadPromptRules(copied, ready)).version).not.toBe('prepared');
    cpSync(join(PACKS_DIR, 'standard', 'prompt-rules', 'violence.txt'), lexicon);
    appendFileSync(copied, '\n');
    expect((await loadPromptRules(copied, ready)).version).not.toBe('prepared');
    rmSync(lexicon);
    await expect(loadPromptRules(copied, ready)).rejects.toThrow();
  });
});

describe('prepared names', () => {
  it('are found as parsed ones are', async () => {
    const [parsed, fast] = await Promise.all([loadGazetteer(settings, none), loadGazetteer(settings, ready)]);
    expect([fast.version, fast.nameCount]).toEqual(['prepared', parsed.nameCount]);
    for (const text of texts) expect(evaluateNames(fast, readPrompt(text)), text).toEqual(evaluateNames(parsed, readPrompt(text)));
  });

  it('are left aside when a pack is left out, and a pack that was changed is refused all the same', async () => {
    expect((await loadGazetteer({ ...settings, without: ['artists'] }, ready)).version).not.toBe('prepared');
    const changed = join(dir, 'packs');
    cpSync(packsDir, changed, { recursive: true });
    appendFileSync(join(changed, 'artists.txt'), '\n');
    await expect(loadGazetteer({ ...settings, shippedDir: changed }, ready)).rejects.toThrow('not the pack that was shipped');
  });
});
