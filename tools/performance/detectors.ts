/** What the neural networks see, and what they cost. */
import { list, percent, ratio, value } from './results.ts';
import { atLeast, atMost, cell, measuredOn, table, targetTable } from './tables.ts';

const at = (path: string) => value(`detectors.${path}`);
const text = (path: string) => value(`drawn-text.${path}`);
const cost = (path: string) => value(`detectors-cost.${path}`);
const faults = (path: string) => value(`detector-faults.${path}`);
const lag = (path: string) => value(`event-loop-lag.${path}`);

export const detectors = () => `## Detectors

${measuredOn('detectors')} Official portraits of adults (public domain, not in this repository) and neutral scenes. **How much nudity is found was not measured**: no such picture was
fetched, made or kept. Nor was how well a minor is told: there was no licensed set of them.

${targetTable([
  { what: `faces missed in ${cell(at('portraits.n'))} portraits`, target: '0', measured: at('portraits.missed'), met: atMost(0) },
  { what: 'faces seen in the scenes that have none', target: '0', measured: facesInEmptyScenes(), met: atMost(0) },
  { what: 'portraits upside down that were found', measured: percent(ratio(at('upsideDown.found'), at('upsideDown.n'))), unit: ' %' },
  {
    what: `nearest of all is the same person, ${cell(at('identity.genuine'))} persons years apart`,
    target: 'all',
    measured: percent(ratio(at('identity.rank1'), at('identity.genuine'))),
    unit: ' %',
    met: atLeast(100),
  },
  {
    what: 'missed matches at one false match in 10,000 pairs',
    target: '≤ 2 %',
    measured: percent(at('identity.missedAt1e4')),
    unit: ' %',
    met: atMost(2),
  },
  {
    what: `false matches at the threshold, of ${cell(at('identity.strangers'))} pairs of strangers`,
    measured: at('identity.atThreshold.falseMatches'),
  },
  {
    what: `in a register of ${cell(at('register.people'))} people, nearest of all is the same person, ${cell(at('register.lookedUp'))} looked up`,
    target: 'all',
    measured: percent(ratio(at('register.rank1'), at('register.lookedUp'))),
    unit: ' %',
    met: atLeast(100),
  },
  { what: 'of those missed at the threshold of a listed person', target: '0', measured: at('register.listed.missed'), met: atMost(0) },
  {
    what: `taken for another, of ${cell(at('register.pairsOfStrangers'))} pairs of strangers in the register`,
    measured: at('register.listed.falseMatches'),
  },
  { what: 'error of apparent age, mean', target: '≤ 5.5 years', measured: at('age.meanError'), unit: ' years', met: atMost(5.5) },
  { what: 'portraits with explicit nudity above 0.5', target: '0', measured: at('nudity.above05'), met: atMost(0) },
  {
    what: 'drawn proxies of a taken garment that are flagged',
    target: '≥ 99 %',
    measured: percent(at('edits.bared.share')),
    unit: ' %',
    met: atLeast(99),
  },
  {
    what: 'benign edits that are flagged, dyeing red and beige included',
    target: '≤ 1 %',
    measured: percent(at('edits.benign.share')),
    unit: ' %',
    met: atMost(1),
  },
  {
    what: 'gap between thirds by skin tone',
    target: '≤ 2 points',
    measured: percent(at('edits.gapOfThirds')),
    unit: ' points',
    met: atMost(2),
  },
  {
    what: 'CPU of a picture of one megapixel with a face, everything',
    target: '≤ 125 ms',
    measured: cost('cpuMs.faceThorough'),
    unit: ' ms',
    met: atMost(125),
  },
  { what: 'the same with a face, as in a generation', measured: cost('cpuMs.faceStandard'), unit: ' ms' },
  {
    what: 'the same without a face, as in a generation',
    target: '≤ 65 ms',
    measured: cost('cpuMs.noFaceStandard'),
    unit: ' ms',
    met: atMost(65),
  },
  { what: 'decoding and hashing it, in another process', measured: cost('cpuMs.inspect'), unit: ' ms' },
  { what: 'comparing an edit with its original, beside looking at both', measured: cost('cpuMs.edit'), unit: ' ms' },
  {
    what: 'making all networks anew from their packages, no network access',
    target: '≤ 30,000 ms',
    measured: cost('buildMs'),
    unit: ' ms',
    met: atMost(30_000),
  },
  { what: 'hashing the networks at start', measured: cost('checkAtStartCpuMs'), unit: ' ms' },
  {
    what: 'memory of a compiled process with all networks',
    target: '≤ 500 MB',
    measured: cost('residentMb'),
    unit: ' MB',
    met: atMost(500),
  },
])}

The costs: ${measuredOn('detectors-cost')} Each network alone, and by WebAssembly, which serves where ONNX Runtime has no binary (largest difference as a share of the largest value):

${table(list('detectors-cost.networks'), { network: 'network', cpuMs: 'CPU ms', wasmCpuMs: 'by WebAssembly', wasmDiffers: 'differs by' })}

Why a picture with a face costs more than its target: nudity-deep (Inception v3) does 11.4 thousand million operations a picture, in 32-bit numbers, whoever runs
it. A core that multiplies and adds 16 numbers a cycle, as this one does, can do 117 in a nanosecond at 3.64 GHz (measured with a loop of nothing else), so no less
than 98 ms; the runtime comes to 112 of them. A core with registers twice as fast needs half the time. Eight-bit numbers would be quicker, and would not keep the
thousandth to which each network must agree with its original.

Detector processes that were killed in the middle of a picture, hung, answered garbage, ate memory or exited, a fifth each. ${measuredOn('detector-faults')}

${targetTable([
  { what: 'faults', target: '≥ 1,000', measured: faults('faults'), met: atLeast(1000) },
  { what: 'pictures without a finding of each check', target: '0', measured: faults('withoutVerdict'), met: atMost(0) },
  { what: 'pictures passed that nobody had seen', target: '0', measured: faults('passedUnseen'), met: atMost(0) },
  {
    what: 'from SIGKILL to the finding that holds, longest',
    target: '≤ 1,000 ms',
    measured: faults('verdictAfterKillMs.max'),
    unit: ' ms',
    met: atMost(1000),
  },
  {
    what: 'next picture in a new process, p99',
    target: '≤ 3,000 ms',
    measured: faults('nextPictureMs.p99'),
    unit: ' ms',
    met: atMost(3000),
  },
])}

The gateway’s own event loop while pictures of 4 MB stream through the standard policy. ${measuredOn('event-loop-lag')}

${targetTable([
  { what: 'delay, p99', target: '≤ 20 ms', measured: lag('lagMs.p99'), unit: ' ms', met: atMost(20) },
  { what: 'delay, longest', measured: lag('lagMs.max'), unit: ' ms' },
])}

Text drawn in pictures (\`text-in-picture\`, in no shipped policy), and \`origin\`: ${measuredOn('drawn-text')} Letters read wrong, left out or invented, in three lines of English on a plain ground of 1,024 × 768:

${table(list('drawn-text.quality'), { drawn: 'drawn', errorStandard: 'artifacts', errorThorough: 'input pictures, edits' })}

${targetTable([
  { what: 'a smooth picture of 1 MP, not looked at further', measured: text('cpuMs.smooth'), unit: ' ms' },
  { what: 'a photograph of 1 MP without text', measured: text('cpuMs.photo'), unit: ' ms' },
  { what: 'the same as an input picture or edit', measured: text('cpuMs.photoThorough'), unit: ' ms' },
  { what: 'one line', measured: text('cpuMs.oneLine'), unit: ' ms' },
  { what: 'thirty lines, as an input picture', measured: text('cpuMs.thirtyLines'), unit: ' ms' },
  { what: '`origin` of a JPEG', measured: text('cpuMs.origin'), unit: ' ms' },
  { what: '`origin` of a PNG, decoding and mark included', measured: text('cpuMs.originPng'), unit: ' ms' },
])}

The drawn edits, each of the same portraits, flagged from a score of ${cell(at('edits.flaggedFrom'))}; the lowest score of a taken garment was ${cell(at('edits.lowestBared'))}, the highest of a benign edit ${cell(at('edits.highestBenign'))}.

${table(list('detectors.edits.byEdit'), { name: 'edit', n: 'pictures', flagged: 'flagged' })}
`;

/** The two that have one are a portrait of an astronaut and a man with a camera. */
function facesInEmptyScenes(): number | undefined {
  const scenes = list('detectors.scenes');
  if (scenes.length === 0) return undefined;
  const empty = scenes.filter(({ name }) => !/astronaut|camera/.test(String(name)));
  return empty.reduce((sum, { faces }) => sum + (typeof faces === 'number' ? faces : Number.NaN), 0);
}
