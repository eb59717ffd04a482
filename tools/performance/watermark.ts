/** The invisible watermark: robustness, quality, false positives, speed. */
import { type Json, list, percent, value } from './results.ts';
import { atLeast, atMost, cell, measuredOn, table, targetTable } from './tables.ts';

const shares = (rows: readonly Json[]) =>
  rows.map((row) => ({ ...row, exact: percent(row['exact']), dwtDct: percent(row['dwtDct']), dwtDctSvd: percent(row['dwtDctSvd']) }));
const groups = (rows: readonly Json[]) =>
  rows.map((row) => ({ ...row, mild: percent(row['mild']), moderate: percent(row['moderate']), hard: percent(row['hard']) }));
const MARK_SPEEDS = [
  ['embed', 'embedMs', 40],
  ['detect, untouched', 'untouchedMs', 30],
  ['detect, rescaled', 'rescaledMs', 120],
  ['detect, turned', 'turnedMs', 120],
  ['detect, no mark', 'unmarkedMs', 150],
] as const;

export const watermark = () => `## The invisible watermark

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
    measured: value('watermark-null.accepted'),
    met: (n) => n === 0,
  },
  {
    what: 'of trials (picture and random key)',
    target: '≥ 50,000',
    measured: value('watermark-null.trials'),
    met: atLeast(50_000),
  },
  { what: 'of which passed the gate', measured: value('watermark-null.gatePassed') },
  { what: 'damaged files through the detector', target: '≥ 10,000', measured: value('watermark-mutated.files'), met: atLeast(10_000) },
  { what: 'that crashed it', target: '0', measured: value('watermark-mutated.crashed'), met: (n) => n === 0 },
  { what: 'that took more than its deadline', target: '0', measured: value('watermark-mutated.timedOut'), met: (n) => n === 0 },
  { what: 'the slowest of them, wall', measured: value('watermark-mutated.slowestMs'), unit: ' ms' },
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

By what \`embed\` expected of the mark, on these photographs:

${table(shares(list('watermark.byRobustness')), { robustness: 'expected', marks: 'marks', trials: 'trials', exact: 'exact', leastMarginDb: 'least margin, dB' })}

On pictures that are hard to mark (synthetic ones at 256 and 640 pixels, photographs shrunk to 256), percent of six mild, six moderate and six hard attacks that it survived:

${table(groups(list('watermark-expectation.classes')), { robustness: 'expected', marks: 'marks', mild: 'mild', moderate: 'moderate', hard: 'hard' })}

False positives, by what the pictures were (crops and synthetic pictures of 288 × 224, since the cost goes by the pixel and the bound does not):

${table(list('watermark-null.kinds'), { kind: 'pictures', trials: 'trials', accepted: 'accepted', gatePassed: 'passed the gate', greatestZ: 'greatest z' })}
`;
