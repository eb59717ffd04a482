import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PACKS_DIR, PROMPT_RULES_PATH } from './packs.ts';
import { prepareNames } from './prompts/gazetteers/gazetteer.ts';
import { readShippedPacks } from './prompts/gazetteers/load-gazetteer.ts';
import { SHIPPED_PACKS } from './prompts/gazetteers/shipped-packs.ts';
import { PREPARED_PROMPTS_URL, type PreparedPrompts, sha256Of } from './prompts/prepared-prompts.ts';
import { readRuleFiles } from './prompts/rules/load-prompt-rules.ts';
import { prepareRuleFiles } from './prompts/rules/rules.ts';

// The last step of `npm run build`: does once what every start would do again. See `prepared-prompts.ts`.

const { file, lexicons } = await readRuleFiles(PROMPT_RULES_PATH);
const result = prepareRuleFiles(file, lexicons);
if (!result.ok) throw new Error(`the shipped rules have problems: ${JSON.stringify(result.problems)}`);
const folder = dirname(PROMPT_RULES_PATH);
const names = [basename(PROMPT_RULES_PATH), ...lexicons.flatMap(({ name }) => name ?? [])];
const prepared: PreparedPrompts = {
  format: 'imprimatur/prepared-prompts/2',
  rules: {
    sources: await Promise.all(names.map(async (name) => ({ name, sha256: sha256Of(await readFile(join(folder, name))) }))),
    prepared: result.prepared,
  },
  names: {
    sources: SHIPPED_PACKS.map(({ name, sha256 }) => ({ name, sha256 })),
    prepared: prepareNames(await readShippedPacks(join(PACKS_DIR, 'gazetteers'), SHIPPED_PACKS)),
  },
};
await writeFile(PREPARED_PROMPTS_URL, JSON.stringify(prepared));
