// Runs dependency-cruiser and refuses to believe a pass over too few modules: under TypeScript 7 it cruises nothing and exits 0.
import { readdirSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const ROOMS = ['src', 'redteam/src'];
const files = ROOMS.flatMap((room) => readdirSync(room, { recursive: true })).filter((path) => /\.(ts|mjs)$/.test(String(path))).length;
const options = await extractConfig('./.dependency-cruiser.mjs');
const { output } = await cruise(ROOMS, options, undefined, { tsConfig: extractTsConfig('./tsconfig.json') });
const { violations, totalCruised } = output.summary;
for (const { rule, from, to } of violations) {
  const { comment } = options.ruleSet.forbidden.find(({ name }) => name === rule.name) ?? {};
  console.error(`${rule.name}: ${from} → ${to}\n  ${comment}`);
}
console.log(`${totalCruised} modules cruised, ${files} files, ${violations.length} violations`);
if (totalCruised < files) console.error('The gate cruised fewer modules than there are files: it checks nothing.');
process.exit(violations.length > 0 || totalCruised < files ? 1 : 0);
