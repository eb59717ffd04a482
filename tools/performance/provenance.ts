/** Credentials, publishing, recovery and verification. */
import { isRecord, list, number, value } from './results.ts';
import { atLeast, atMost, cell, measuredOn, type Target, table, targetTable } from './tables.ts';

function recoveredRows(): Target[] {
  const matched = value('recovery.matched');
  if (!isRecord(matched)) return [];
  return Object.entries(matched).map(([change, right]) => ({
    what: `${change}: the right one found`,
    measured: right,
  }));
}

export const credentials = () => `## Credentials

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
`;

export const verification = () => `## Asking about files

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
`;
