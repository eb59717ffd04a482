/** The prompt layer: quality, disguises, throughput, hostile texts. */
import { isRecord, type Json, list, number, percent, value } from './results.ts';
import { atLeast, atMost, measuredOn, table, targetTable } from './tables.ts';

function disguises(): Json[] {
  const all = value('prompt-quality.disguises');
  const minors = value('prompt-quality.minors.byDisguise');
  if (!isRecord(all)) return [];
  return Object.entries(all).flatMap(([name, facts]) =>
    isRecord(facts) ? [{ name, kept: facts['kept'], minors: isRecord(minors) ? (minors[name] ?? '–') : '–' }] : [],
  );
}

function worstDisguise(isLossy: boolean, fact: 'kept' | 'addedFlags', worse: (...values: number[]) => number): number {
  const all = value('prompt-quality.disguises');
  const facts = isRecord(all) ? Object.values(all).filter(isRecord) : [];
  return worse(...facts.flatMap((one) => (one['lossy'] === isLossy ? [number(one[fact]) ?? Number.NaN] : [])));
}

function unseenSets(): Json[] {
  const sets = value('prompt-quality.unseenRiskSets.both');
  if (!isRecord(sets)) return [];
  const isRisk = (name: string) => /^(overt-unsafe|ring-a-bell)/.test(name);
  return Object.entries(sets).flatMap(([name, facts]) =>
    isRecord(facts) && isRisk(name) ? [{ name, rows: facts['rows'], recall: percent(facts['recall']) }] : [],
  );
}

export const prompts = () => `## Prompts

${measuredOn('prompt-quality')} Trained and thresholds set on one half of the development rows by group, measured on the other half. That half was looked at while the
calibration was made, so these figures are optimistic; no set here stands in for the unseen one that the targets were written for. The row of protected works is the least clean: how often single words
stand in those very rows was counted before the rules about copying were written.

${targetTable([
  {
    what: 'benign prompts flagged, pooled',
    target: '≤ 0.5 %',
    measured: percent(value('prompt-quality.harmless.both.pooled.flagged')),
    unit: ' %',
    met: atMost(0.5),
  },
  {
    what: "real users' prompts flagged",
    target: '≤ 2.5 %',
    measured: percent(value('prompt-quality.harmless.both.users')),
    unit: ' %',
    met: atMost(2.5),
  },
  {
    what: 'look-alike set (OVERT), AUROC',
    target: '≥ 0.80',
    measured: value('prompt-quality.ranking.both.overt.auroc'),
    met: atLeast(0.8),
  },
  {
    what: 'its look-alikes flagged at 60 % recall',
    target: '≤ 12 %',
    measured: percent(value('prompt-quality.ranking.both.overt.falsePositivesAt60')),
    unit: ' %',
    met: atMost(12),
  },
  {
    what: 'OpenAI set, any category, AUPRC, nothing outside asked',
    target: '≥ 0.62',
    measured: value('prompt-quality.ranking.both.openai.averagePrecision'),
    met: atLeast(0.62),
  },
  {
    what: '200 benign words of dilution, recall kept',
    target: '≥ 90 %',
    measured: percent(value('prompt-quality.dilution.kept')),
    unit: ' %',
    met: atLeast(90),
  },
  {
    what: 'the same, benign prompts flagged',
    target: '≤ 1.2 %',
    measured: percent(value('prompt-quality.dilution.harmlessFlagged')),
    unit: ' %',
    met: atMost(1.2),
  },
  {
    what: 'English news sentences flagged (the worst of 19 languages)',
    target: '≤ 1.5 %',
    measured: percent(value('prompt-quality.harmless.both.languages.ud-ud_english-pud.flagged')),
    unit: ' %',
    met: atMost(1.5),
  },
  {
    what: 'benign prompts about children flagged',
    target: '≤ 1 %',
    measured: percent(value('prompt-quality.harmless.both.everydayChildren')),
    unit: ' %',
    met: atMost(1),
  },
  ...(['reversible', 'lossy'] as const).map((kind) => ({
    what: `recall kept under the worst ${kind} disguise`,
    target: kind === 'lossy' ? '≥ 0.75' : '≥ 0.98',
    measured: worstDisguise(kind === 'lossy', 'kept', Math.min),
    met: atLeast(kind === 'lossy' ? 0.75 : 0.98),
  })),
  {
    what: 'benign prompts flagged that were not before, under the worst disguise',
    target: '≤ 0.5 points',
    measured: percent(Math.max(worstDisguise(false, 'addedFlags', Math.max), worstDisguise(true, 'addedFlags', Math.max))),
    met: atMost(0.5),
  },
  {
    what: 'names of protected works (OVERT), found at 1 % false positives',
    target: '≥ 70 %',
    measured: percent(value('prompt-quality.names.copyright.recall')),
    unit: ' %',
    met: atLeast(70),
  },
  {
    what: 'names of public figures (OVERT), found at 1 % false positives',
    target: '≥ 55 %',
    measured: percent(value('prompt-quality.names.publicFigures.recall')),
    unit: ' %',
    met: atLeast(55),
  },
  { what: 'scoring 125 characters, p50', measured: value('prompt-quality.speed.scoreUsP50'), unit: ' µs' },
])}

Sets of risky image prompts of which no row was learned from, at the same thresholds:

${table(unseenSets(), { name: 'set and category', rows: 'prompts', recall: 'found, %' })}

Recall kept under disguises, and clinical templates about minors that stay blocked:

${table(disguises(), { name: 'disguise', kept: 'recall kept', minors: 'templates blocked' })}

### As a service

${measuredOn('moderations')} \`POST /v1/moderations\` of \`imprimatur serve\` with the standard policy; every text is different, 125 characters on average; the load
generator runs on the same cores. CPU is that of the whole process tree.

${table(list('moderations.throughput'), { batch: 'texts in a call', connections: 'connections', perSecond: 'moderations/s', cpuUsEach: 'CPU µs each', p50Ms: 'p50 ms of a call', p99Ms: 'p99 ms of a call' })}

${targetTable([
  {
    what: 'moderations/s, the best row',
    target: '≥ 10,000/s',
    measured: list('moderations.throughput').reduce((best, row) => Math.max(best, number(row['perSecond']) ?? 0), Number.NEGATIVE_INFINITY),
    unit: '/s',
    met: atLeast(10_000),
  },
  {
    what: 'one prompt of 125 characters, whole local path with 50 policy rules, p50',
    target: '≤ 100 µs',
    measured: value('moderations.local.p50Us'),
    unit: ' µs',
    met: atMost(100),
  },
  { what: 'the same, p99', target: '≤ 300 µs', measured: value('moderations.local.p99Us'), unit: ' µs', met: atMost(300) },
  {
    what: 'one prompt of 8 KB, p50',
    target: '≤ 5,000 µs',
    measured: value('moderations.local.longP50Us'),
    unit: ' µs',
    met: atMost(5_000),
  },
  {
    what: 'load of words, rules, names and classifier in a fresh process',
    target: '≤ 50 ms',
    measured: value('moderations.loadMs.prepared.all'),
    unit: ' ms',
    met: atMost(50),
  },
  {
    what: 'the same when an operator edited the files',
    measured: value('moderations.loadMs.parsed.all'),
    unit: ' ms',
  },
  {
    what: 'the very first prompt after that',
    measured: value('moderations.loadMs.prepared.firstPrompt'),
    unit: ' ms',
  },
])}

### Hostile texts

${measuredOn('fuzz-prompts')} \`npm run fuzz:prompts\`: every block of Unicode, lone surrogates, nested encodings, 10,000 combining marks, markup, wounded rules, garbled answers
of classifiers outside.

${targetTable([
  { what: 'inputs', target: '≥ 1,000,000', measured: value('fuzz-prompts.inputs'), met: atLeast(1_000_000) },
  {
    what: 'broken promises (a throw, a failed check, a place outside the text, too much time or memory)',
    target: '0',
    measured: Array.isArray(value('fuzz-prompts.violations')) ? list('fuzz-prompts.violations').length : undefined,
    met: (n) => n === 0,
  },
  { what: 'most memory', target: '≤ 700 MB', measured: value('fuzz-prompts.peakRssMb'), unit: ' MB', met: atMost(700) },
])}
`;
