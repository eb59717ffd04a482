/** What the gateway adds to a request, what each safety step costs, and how long it takes to start. */
import { list, ratio, value } from './results.ts';
import { atLeast, atMost, measuredOn, table, targetTable } from './tables.ts';

const OURS = 'Imprimatur, rules and exact hashes';
const ON_SERVER = 'the same on a PostgreSQL server';
const PEER = 'Portkey 1.15.2';
const added = (size: string, target: string, key: string) =>
  list(`gateway-overhead.likeForLike.${size}`).find((row) => row['target'] === target)?.[key];
const loadRow = (target: string, connections: number) =>
  list('gateway-overhead.likeForLike.load').find((row) => row['target'] === target && row['connections'] === connections);
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

export const overhead = () => `## What the gateway adds

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
`;

export const safetySteps = () => `## What each safety step costs

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
`;

export const start = () => `## Start

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
`;
