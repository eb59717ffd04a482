/**
 * Makes `docs/performance.md` of `bench/results/*.json`: `npx tsx tools/performance-page.ts`. No number stands in the page that is
 * not in a result, and a target without a result says so.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

type Json = { readonly [key: string]: unknown };

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const loaded = new Map<string, Json>();

function result(name: string): Json {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const path = `bench/results/${name}.json`;
  const parsed: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const found = isRecord(parsed) ? parsed : {};
  loaded.set(name, found);
  return found;
}

/** The value under a path such as `ledger.embedded.leavesPerSecond`; the first part names the result. */
function value(path: string): unknown {
  const [name = '', ...rest] = path.split('.');
  return rest.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), result(name));
}

function list(path: string): readonly Json[] {
  const found = value(path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

const number = (found: unknown) => (typeof found === 'number' && Number.isFinite(found) ? found : null);
const format = (n: number) => (Math.abs(n) >= 1000 ? Math.round(n).toLocaleString('en-US') : String(Number(n.toPrecision(3))));
const cell = (found: unknown, unit = '') => {
  const n = number(found);
  return n === null ? (typeof found === 'string' ? found : 'not measured') : `${format(n)}${unit}`;
};

interface Target {
  readonly what: string;
  /** Without a target a number stands for itself, and is neither met nor missed. */
  readonly target?: string;
  readonly measured: unknown;
  readonly unit?: string;
  readonly met?: (n: number) => boolean;
}

function targetRow({ what, target = '–', measured, unit = '', met }: Target): string {
  const n = number(measured);
  return `| ${what} | ${target} | ${cell(measured, unit)} | ${n === null || met === undefined ? '–' : met(n) ? 'yes' : '**no**'} |`;
}

const targetTable = (rows: readonly Target[]) => ['| | target | measured | met |', '|---|---|---|---|', ...rows.map(targetRow)].join('\n');

function table(rows: readonly Json[], columns: Readonly<Record<string, string>>): string {
  if (rows.length === 0) return 'Not measured.';
  const head = `| ${Object.values(columns).join(' | ')} |\n|${Object.keys(columns)
    .map(() => '---')
    .join('|')}|`;
  return [
    head,
    ...rows.map(
      (row) =>
        `| ${Object.keys(columns)
          .map((key) => cell(row[key]))
          .join(' | ')} |`,
    ),
  ].join('\n');
}

function measuredOn(name: string): string {
  const { machine, measuredAt, commit } = result(name);
  if (!isRecord(machine)) return `\`bench/results/${name}.json\` is missing: not measured.`;
  return `Measured ${String(measuredAt).slice(0, 16).replace('T', ' ')} UTC at commit \`${commit}\` on ${machine['cores']} cores of ${machine['cpu']}, ${machine['memoryGb']} GB, Node ${machine['node']}; load at the end ${machine['loadAtEnd']}.`;
}

const atMost = (limit: number) => (n: number) => n <= limit;
const atLeast = (limit: number) => (n: number) => n >= limit;

const OURS = 'Imprimatur, rules and exact hashes';
const ON_SERVER = 'the same on a PostgreSQL server';
const PEER = 'Portkey 1.15.2';
const added = (size: string, target: string, key: string) =>
  list(`gateway-overhead.likeForLike.${size}`).find((row) => row['target'] === target)?.[key];
const loadRow = (target: string, connections: number) =>
  list('gateway-overhead.likeForLike.load').find((row) => row['target'] === target && row['connections'] === connections);
const ratio = (a: unknown, b: unknown) => {
  const [x, y] = [number(a), number(b)];
  return x === null || y === null ? undefined : x / y;
};
const step = (size: string, name: string, key: string) => list(`gateway-overhead.steps.${size}`).find((row) => row['step'] === name)?.[key];

const STEP_COLUMNS = {
  step: 'switched on',
  addedCpuMs: 'added CPU, ms',
  cpuMs: 'CPU in all, ms',
  p50Ms: 'p50 in all, ms',
  treeMb: 'memory, MB',
};
const LOAD_COLUMNS = {
  target: 'gateway',
  connections: 'connections',
  perSecond: 'pictures/s',
  p50Ms: 'p50 ms',
  p99Ms: 'p99 ms',
  cpuMsPerRequest: 'CPU ms each',
  peakMb: 'peak MB, gateway process',
  treePeakMb: 'peak MB, with its children',
};

const percent = (share: unknown) => {
  const n = number(share);
  return n === null ? undefined : 100 * n;
};

function disguises(): Json[] {
  const all = value('prompt-quality.disguises');
  const minors = value('prompt-quality.minors.byDisguise');
  if (!isRecord(all)) return [];
  return Object.entries(all).flatMap(([name, facts]) =>
    isRecord(facts) ? [{ name, kept: facts['kept'], minors: isRecord(minors) ? (minors[name] ?? '–') : '–' }] : [],
  );
}

const shares = (rows: readonly Json[]) =>
  rows.map((row) => ({ ...row, exact: percent(row['exact']), dwtDct: percent(row['dwtDct']), dwtDctSvd: percent(row['dwtDctSvd']) }));
const MARK_SPEEDS = [
  ['embed', 'embedMs', 40],
  ['detect, untouched', 'untouchedMs', 30],
  ['detect, rescaled', 'rescaledMs', 120],
  ['detect, turned', 'turnedMs', 120],
  ['detect, no mark', 'unmarkedMs', 150],
] as const;

function recoveredRows(): Target[] {
  const matched = value('recovery.matched');
  if (!isRecord(matched)) return [];
  return Object.entries(matched).map(([change, right]) => ({
    what: `${change}: the right one found`,
    measured: right,
  }));
}

const page = `# Performance

Made of \`bench/results/\` by \`npx tsx tools/performance-page.ts\`; every number was printed by a committed benchmark, and what was not measured says so. Compare
ratios, not absolute numbers: each was measured in one run with its peer or floor, on a shared machine.

## What the gateway adds

${measuredOn('gateway-overhead')}

Like for like with Portkey's gateway: prompt rules and exact hashes on, nothing that decodes pixels, nothing written down, no marks. The backend is a mock that answers at
once, and "added" is over asking it directly.

${targetTable([
  { what: 'small answer (16 KB), added p50', target: '≤ 1 ms', measured: added('small', OURS, 'addedP50Ms'), unit: ' ms', met: atMost(1) },
  { what: 'picture of 1.31 MB, added p50', target: '≤ 5 ms', measured: added('picture', OURS, 'addedP50Ms'), unit: ' ms', met: atMost(5) },
  { what: 'the same through Portkey', target: 'peer', measured: added('picture', PEER, 'addedP50Ms'), unit: ' ms' },
  { what: 'CPU for such a picture', target: '≤ 5 ms', measured: loadRow(OURS, 1)?.['cpuMsPerRequest'], unit: ' ms', met: atMost(5) },
  { what: 'the same through Portkey', target: 'peer', measured: loadRow(PEER, 1)?.['cpuMsPerRequest'], unit: ' ms' },
  {
    what: "pictures/s at 8 connections, as a multiple of Portkey's",
    target: '≥ 4',
    measured: ratio(loadRow(OURS, 8)?.['perSecond'], loadRow(PEER, 8)?.['perSecond']),
    met: atLeast(4),
  },
  {
    what: 'peak memory at 32 connections, whole process tree, database on a server',
    target: '≤ 300 MB',
    measured: loadRow(ON_SERVER, 32)?.['treePeakMb'],
    unit: ' MB',
    met: atMost(300),
  },
])}

${table(list('gateway-overhead.likeForLike.load'), LOAD_COLUMNS)}

## What each safety step costs

One request at a time; CPU of the whole process tree. A PNG of noise is the worst case: it does not compress.

512×640 (1.31 MB of base64):

${table(list('gateway-overhead.steps.picture'), STEP_COLUMNS)}

1024×1024 (4.2 MB of base64):

${table(list('gateway-overhead.steps.full'), STEP_COLUMNS)}

${targetTable([
  {
    what: 'signing (and verifying what was signed) a 1024×1024 PNG, CPU',
    target: '≤ 25 ms',
    measured: step('full', 'signing', 'addedCpuMs'),
    unit: ' ms',
    met: atMost(25),
  },
])}

## Durable acts

${measuredOn('journal')}

An act is what a refused generation writes: its row, its decision and a ledger entry, in one commit that is synced to the disk. 64 writers at a time.

${table(
  ['embedded', 'postgres'].map((engine) => ({
    engine,
    ...Object.fromEntries(Object.entries(value(`journal.actsPerSecond.${engine}`) ?? {})),
  })),
  {
    engine: 'acts/s on',
    withLedger: 'grouped, with ledger',
    withoutLedger: 'grouped, without ledger',
    oneByOne: 'one by one',
    headLocked: 'head of the log locked in each',
  },
)}

${targetTable([
  {
    what: 'with the ledger, to without it, PostgreSQL',
    target: '≥ 0.6',
    measured: value('journal.ratios.postgres.withLedgerToWithout'),
    met: atLeast(0.6),
  },
  {
    what: 'with the ledger, to without it, embedded',
    target: '≥ 0.6',
    measured: value('journal.ratios.embedded.withLedgerToWithout'),
    met: atLeast(0.6),
  },
  {
    what: 'with the ledger, to a log whose head is locked, PostgreSQL',
    target: '≥ 8',
    measured: value('journal.ratios.postgres.withLedgerToHeadLocked'),
    met: atLeast(8),
  },
  {
    what: 'with the ledger, to a log whose head is locked, embedded',
    target: '≥ 8',
    measured: value('journal.ratios.embedded.withLedgerToHeadLocked'),
    met: atLeast(8),
  },
  {
    what: 'grouped to one by one, PostgreSQL',
    target: '≥ 2',
    measured: value('journal.ratios.postgres.groupedToOneByOne'),
    met: atLeast(2),
  },
  { what: 'grouped to one by one, embedded', target: '≥ 5', measured: value('journal.ratios.embedded.groupedToOneByOne'), met: atLeast(5) },
  { what: 'embedded to PostgreSQL', target: '≥ 0.7', measured: value('journal.ratios.embeddedToPostgres'), met: atLeast(0.7) },
])}

## The log at ${cell(value('ledger.leaves'))} entries

${measuredOn('ledger')}

${targetTable(
  ['postgres', 'embedded'].flatMap((engine) => [
    {
      what: `sequencer, ${engine}`,
      target: '≥ 20,000 leaves/s',
      measured: value(`ledger.${engine}.leavesPerSecond`),
      unit: '/s',
      met: atLeast(20_000),
    },
    {
      what: `inclusion proof, p50, ${engine}`,
      target: '≤ 1 ms',
      measured: value(`ledger.${engine}.inclusionProofs.p50Ms`),
      unit: ' ms',
      met: atMost(1),
    },
    {
      what: `commit to leaf, p99, ${engine}`,
      target: '≤ 100 ms',
      measured: value(`ledger.${engine}.commitToLeaf.p99Ms`),
      unit: ' ms',
      met: atMost(100),
    },
  ]),
)}

### Verified by code that is not ours

${measuredOn('ledger-verify')}

${targetTable([
  {
    what: "Go's `sumdb/tlog` checks a million leaves and 20,000 proofs in",
    target: '≤ 60 s',
    measured: value('ledger-verify.goVerifier.seconds'),
    unit: ' s',
    met: atMost(60),
  },
  { what: 'tamperings that it missed, of 1,000', target: '0', measured: value('ledger-verify.tampering.missedBy.go'), met: (n) => n === 0 },
  {
    what: 'tamperings that our own audit missed',
    target: '0',
    measured: value('ledger-verify.tampering.missedBy.ours'),
    met: (n) => n === 0,
  },
])}

## Start

${measuredOn('startup')}

\`imprimatur serve\` with the embedded database and the demo model; the picture is 1024×1024 and goes through every check, mark and signature.

${targetTable([
  { what: 'start to ready, warm', target: '≤ 5 s', measured: ratio(value('startup.warm.readyMs'), 1000), unit: ' s', met: atMost(5) },
  {
    what: 'first picture after that',
    target: '≤ 1 s',
    measured: ratio(value('startup.warm.firstPictureMs'), 1000),
    unit: ' s',
    met: atMost(1),
  },
  {
    what: 'start to ready, the very first time',
    measured: ratio(value('startup.cold.readyMs'), 1000),
    unit: ' s',
  },
])}

## Credentials

${measuredOn('provenance')} 1024×1024, XMP, signature (P-256 in a file) and full verification of what was signed; CPU of the whole process. The pictures are smooth ones, as
models make them, and noise, which is the worst case.

${targetTable([
  { what: 'PNG, CPU, median', target: '≤ 60 ms', measured: value('provenance.costs.png.cpuMsMedian'), unit: ' ms', met: atMost(60) },
  {
    what: 'PNG of noise (3.3 MB), CPU, median',
    target: '≤ 60 ms',
    measured: value('provenance.costs.pngOfNoise.cpuMsMedian'),
    unit: ' ms',
    met: atMost(60),
  },
  { what: 'JPEG, CPU, median', target: '≤ 15 ms', measured: value('provenance.costs.jpeg.cpuMsMedian'), unit: ' ms', met: atMost(15) },
  {
    what: 'JPEG of noise (0.9 MB), CPU, median',
    measured: value('provenance.costs.jpegOfNoise.cpuMsMedian'),
    unit: ' ms',
  },
  { what: 'WebP, CPU, median', measured: value('provenance.costs.webp.cpuMsMedian'), unit: ' ms' },
  { what: 'AVIF, CPU, median', measured: value('provenance.costs.avif.cpuMsMedian'), unit: ' ms' },
  {
    what: 'MP4 of 15 MB: longest wait of anything else in the process',
    target: '≤ 50 ms',
    measured: value('provenance.video.eventLoopDelayMsMax'),
    unit: ' ms',
    met: atMost(50),
  },
  {
    what: 'the same while a thread burns and nothing is signed: the machine itself',
    measured: value('provenance.video.controlDelayMsMax'),
    unit: ' ms',
  },
  {
    what: 'what of it really runs on the main thread in one piece',
    measured: value('provenance.video.onMainThreadMsMedian'),
    unit: ' ms',
  },
  {
    what: `memory grown over ${cell(value('provenance.memory.pictures'))} pictures`,
    target: '≤ 50 MB',
    measured: value('provenance.memory.grownMb'),
    unit: ' MB',
    met: atMost(50),
  },
])}

### The whole of publishing

${measuredOn('publish')} A photograph of 1024×1024: label, invisible mark, encoding, reading the mark back, XMP, signature and verification of it; CPU of the gateway and the
worker together. A processor that others use as well shows more than one that they do not.

${targetTable([
  { what: 'PNG, median', target: '≤ 250 ms', measured: value('publish.rows.png.cpuMsMedian'), unit: ' ms', met: atMost(250) },
  {
    what: 'PNG with label, median',
    target: '≤ 250 ms',
    measured: value('publish.rows.pngLabeled.cpuMsMedian'),
    unit: ' ms',
    met: atMost(250),
  },
  { what: 'JPEG, median', target: '≤ 130 ms', measured: value('publish.rows.jpeg.cpuMsMedian'), unit: ' ms', met: atMost(130) },
  {
    what: 'JPEG with label, median',
    target: '≤ 130 ms',
    measured: value('publish.rows.jpegLabeled.cpuMsMedian'),
    unit: ' ms',
    met: atMost(130),
  },
  { what: 'WebP, median', measured: value('publish.rows.webp.cpuMsMedian'), unit: ' ms' },
])}

### One byte changed

${measuredOn('byte-flips')} A signed file of 64×64 in which one random byte is another. No hash of the standard covers the box of brands of AVIF and MP4; a change there is
\`ours-altered\` for us, since it is not what we wrote down.

${table(list('byte-flips.formats'), { format: 'format', bytes: 'bytes', flips: 'changes tried', stillTrusted: 'still trusted', inBrands: 'trusted, in the box of brands' })}

### Recovery

${measuredOn('recovery')} ${cell(value('recovery.pictures'))} pictures that were published, then stripped or changed as platforms do; by perceptual hash alone.

${targetTable([
  {
    what: 'stripped without loss: given back byte for byte, and trusted again',
    target: 'all',
    measured: value('recovery.reattachedAndTrusted'),
    met: (n) => n === number(value('recovery.pictures')),
  },
  ...recoveredRows(),
  { what: 'strangers taken for one of ours', target: '0', measured: value('recovery.strangersMatched'), met: (n) => n === 0 },
  ...['embedded', 'postgres'].map((engine) => ({
    what: `look-up among ${cell(value(`recovery.lookUps.${engine}.rows`))} fingerprints, ${engine}, median`,
    measured: value(`recovery.lookUps.${engine}.medianMs`),
    unit: ' ms',
  })),
])}

## Asking about files

${measuredOn('verify')}

${targetTable([
  {
    what: 'files a second through `imprimatur verify FOLDER`, mixed, one megapixel',
    target: '≥ 40',
    measured: value('verify.folder.perSecond'),
    met: atLeast(40),
  },
  {
    what: 'CPU for each of them, all processes',
    target: '≤ 50 ms',
    measured: value('verify.folder.cpuMsEach'),
    unit: ' ms',
    met: atMost(50),
  },
  { what: 'mutated uploads without an answer', target: '0', measured: value('verify.fuzz.unanswered'), met: (n) => n === 0 },
  { what: 'mutated uploads tried', target: '5,000', measured: value('verify.fuzz.files'), met: atLeast(5000) },
  { what: 'requests to addresses inside them', target: '0', measured: value('verify.fuzz.outgoingRequests'), met: (n) => n === 0 },
  { what: 'the slowest answer', target: '≤ 10 s', measured: value('verify.fuzz.slowestMs'), unit: ' ms', met: atMost(10_000) },
])}

## Prompts

${measuredOn('prompt-quality')} Trained and thresholds set on one half of the development rows by group, measured on the other half. That half was looked at while the
calibration was made, so these figures are optimistic; no set here stands in for the unseen one that the targets were written for.

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
  { what: 'scoring 125 characters, p50', measured: value('prompt-quality.speed.scoreUsP50'), unit: ' µs' },
])}

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

## The invisible watermark

${measuredOn('watermark')} ${cell(value('watermark.photographs'))} photographs under ${cell(value('watermark.keys'))} keys; exact means that all 64 bits were read. The pictures are those that
were looked at during development.

${targetTable([
  {
    what: 'exact over all attacks',
    target: '≥ 99.5 %',
    measured: percent(value('watermark.robustness.exactShare')),
    unit: ' %',
    met: atLeast(99.5),
  },
  { what: 'trials', target: '≥ 2,000', measured: value('watermark.robustness.trials'), met: atLeast(2000) },
  { what: 'wrong payloads', target: '0', measured: value('watermark.robustness.wrong'), met: (n) => n === 0 },
  ...(['large', 'small'] as const).flatMap((size) => [
    {
      what: `mean PSNR, ${size === 'large' ? '0.75 MP and more' : 'smaller'}`,
      target: size === 'large' ? '≥ 44 dB' : '≥ 42 dB',
      measured: value(`watermark.quality.${size}.psnrDb.mean`),
      unit: ' dB',
      met: atLeast(size === 'large' ? 44 : 42),
    },
    {
      what: 'least PSNR of one',
      target: '≥ 42 dB',
      measured: value(`watermark.quality.${size}.psnrDb.least`),
      unit: ' dB',
      met: atLeast(42),
    },
    { what: 'mean SSIM of luma', target: '≥ 0.992', measured: value(`watermark.quality.${size}.ssimY.mean`), met: atLeast(0.992) },
    { what: 'least SSIM of luma', target: '≥ 0.985', measured: value(`watermark.quality.${size}.ssimY.least`), met: atLeast(0.985) },
    {
      what: 'change where flat, RMS grey levels, the most',
      target: '≤ 0.6',
      measured: value(`watermark.quality.${size}.flatRms`),
      met: atMost(0.6),
    },
  ]),
  {
    what: 'false positives accepted',
    target: '0',
    measured: value('watermark.falsePositives.accepted'),
    met: (n) => n === 0,
  },
  {
    what: 'of trials (picture and random key)',
    target: '≥ 50,000',
    measured: value('watermark.falsePositives.trials'),
    met: atLeast(50_000),
  },
  { what: 'of which passed the gate', measured: value('watermark.falsePositives.gatePassed') },
  ...MARK_SPEEDS.map(([what, key, limit]) => ({
    what: `${what}, 1 MP, one thread, CPU`,
    target: `≤ ${limit} ms`,
    measured: value(`watermark.timing.${key}`),
    unit: ' ms',
    met: atMost(limit),
  })),
])}

Share of pictures from which every bit was read, in percent; \`dwtDct\` and \`dwtDctSvd\` are what Stable Diffusion ships, on every other picture of the same run:

${table(shares(list('watermark.robustness.attacks')), { attack: 'attack', exact: 'ours', trials: 'trials', dwtDct: 'dwtDct', dwtDctSvd: 'dwtDctSvd' })}

Beyond the list:

${table(shares(list('watermark.harder')), { attack: 'attack', exact: 'ours', trials: 'trials' })}

By what \`embed\` expected of the mark:

${table(shares(list('watermark.byRobustness')), { robustness: 'expected', marks: 'marks', trials: 'trials', exact: 'exact', leastMarginDb: 'least margin, dB' })}

## Killed and started again

${measuredOn('kill-soak')}

${targetTable([
  { what: 'rounds of `kill -9` during load', target: '100', measured: value('kill-soak.rounds'), met: atLeast(100) },
  { what: 'acknowledged generations that were checked', measured: value('kill-soak.acknowledged') },
  { what: 'violations found', target: '0', measured: value('kill-soak.violations'), met: (n) => n === 0 },
])}
`;
writeFileSync('docs/performance.md', page);
