/**
 * `docs/performance.md`, made of `bench/results/*.json` by `npm run docs`. No number stands in the page that is not in a result, and
 * a target without a result says so.
 */
import { behavior } from './behavior.ts';
import { clocks } from './clocks.ts';
import { consoleScreens } from './console.ts';
import { controls } from './controls.ts';
import { curate } from './curate.ts';
import { detectors } from './detectors.ts';
import { durableActs, kills, log } from './durability.ts';
import { overhead, safetySteps, start } from './gateway.ts';
import { hashLists } from './hash-lists.ts';
import { limits } from './limits.ts';
import { prompts } from './prompts.ts';
import { credentials, verification } from './provenance.ts';
import { review } from './review.ts';
import { switches } from './switches.ts';
import { watermark } from './watermark.ts';

const INTRODUCTION = `# Performance

Made of \`bench/results/\` by \`npm run docs\`; every number was printed by a committed benchmark, and what was not measured says so. Compare
ratios, not absolute numbers: each was measured in one run with its peer or floor, on a shared machine.
`;

const SECTIONS = [
  overhead,
  safetySteps,
  durableActs,
  log,
  start,
  credentials,
  verification,
  prompts,
  watermark,
  hashLists,
  review,
  consoleScreens,
  clocks,
  curate,
  detectors,
  kills,
  switches,
  limits,
  behavior,
  controls,
];

/** The page as Markdown, of the results as they lie on the disk. */
export const performancePage = (): string => [INTRODUCTION, ...SECTIONS.map((section) => section())].join('\n');
