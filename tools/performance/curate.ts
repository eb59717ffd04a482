/** Going through a training set. */
import { list, value } from './results.ts';
import { atMost, cell, measuredOn, targetTable } from './tables.ts';

const widest = (key: string) => Math.max(...list('curate.memory').map((sample) => (typeof sample[key] === 'number' ? sample[key] : 0)));

export const curate = () => `## Training sets

${measuredOn('curate')} \`imprimatur curate\` over ${cell(value('curate.files'))} generated files, a tenth of them copies, a tenth broken, a tenth opted out; without neural networks, whose cost stands below.

${targetTable([
  { what: 'decisions that differ from what was planted', target: '0', measured: value('curate.wrong'), met: atMost(0) },
  { what: 'files a second, two workers', measured: value('curate.filesPerSecond') },
  { what: 'CPU of the process itself for all', measured: value('curate.parentCpuSeconds'), unit: ' s' },
  {
    what: 'heap, from a tenth of the files to all of them: growth',
    target: '≤ 32 MB',
    measured: value('curate.heapGrowthMb'),
    unit: ' MB',
    met: atMost(32),
  },
  { what: 'resident memory, the same: growth', target: '≤ 64 MB', measured: value('curate.rssGrowthMb'), unit: ' MB', met: atMost(64) },
  { what: 'resident memory at most', measured: widest('rssMb'), unit: ' MB' },
  { what: 'going on when all was done before', measured: value('curate.resumeSeconds'), unit: ' s' },
])}
`;
