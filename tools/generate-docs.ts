// Writes what is generated: docs/config.md, docs/performance.md, docs/roles.md, docs/clocks.md, docs/webhooks.md, docs/detectors/coverage.md, the rules and the dashboard in deploy, the facts of every card in docs/detectors, .env.example and policies/policy.schema.json. A test fails when they differ.
import { writeFileSync } from 'node:fs';
import { configMarkdown, envExample } from '../src/config/describe-config.ts';
import { policyJsonSchema } from '../src/policy/document.ts';
import { cards } from './cards/cards.ts';
import { clocksPage } from './clocks-page.ts';
import { coveragePage } from './coverage-page.ts';
import { performancePage } from './performance/page.ts';
import { grafanaDashboard } from './prometheus/dashboard.ts';
import { prometheusRules } from './prometheus/rules.ts';
import { rolesPage } from './roles-page.ts';
import { webhooksPage } from './webhooks-page.ts';

writeFileSync('docs/config.md', configMarkdown());
writeFileSync('.env.example', envExample());
writeFileSync('policies/policy.schema.json', `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
writeFileSync('docs/performance.md', performancePage());
writeFileSync('docs/roles.md', rolesPage());
writeFileSync('docs/clocks.md', clocksPage());
writeFileSync('docs/webhooks.md', webhooksPage());
writeFileSync('docs/detectors/coverage.md', await coveragePage());
for (const [path, text] of await cards()) writeFileSync(path, text);
writeFileSync('deploy/prometheus/imprimatur.rules.yml', prometheusRules());
writeFileSync('deploy/grafana/imprimatur.json', grafanaDashboard());
