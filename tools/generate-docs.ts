// Writes what is generated: docs/config.md, docs/performance.md, docs/detectors/coverage.md, the facts of every card in docs/detectors, .env.example and policies/policy.schema.json. A test fails when they differ.
import { writeFileSync } from 'node:fs';
import { configMarkdown, envExample } from '../src/config/describe-config.ts';
import { policyJsonSchema } from '../src/policy/document.ts';
import { cards } from './cards/cards.ts';
import { coveragePage } from './coverage-page.ts';
import { performancePage } from './performance/page.ts';

writeFileSync('docs/config.md', configMarkdown());
writeFileSync('.env.example', envExample());
writeFileSync('policies/policy.schema.json', `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
writeFileSync('docs/performance.md', performancePage());
writeFileSync('docs/detectors/coverage.md', await coveragePage());
for (const [path, text] of await cards()) writeFileSync(path, text);
