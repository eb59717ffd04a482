/** What claims, limits, gates, switches and behavior add together to a request. */
import { value } from './results.ts';
import { atMost, measuredOn, targetTable } from './tables.ts';

const rowsOf = (engine: 'embedded' | 'server', name: string, state: 'fresh' | 'warm', how: string) => [
  {
    what: `added to the median, ${name}, ${how}`,
    target: '≤ 1 ms',
    measured: value(`controls.${engine}.${state}.controlsP50Ms`),
    unit: ' ms',
    met: atMost(1),
  },
  { what: `CPU before, ${name}, ${how}`, measured: value(`controls.${engine}.${state}.beforeCpuMs`), unit: ' ms' },
  { what: `CPU now, ${name}, ${how}`, measured: value(`controls.${engine}.${state}.nowCpuMs`), unit: ' ms' },
];

export const controls = () => `## Claims, limits, gates, switches and behavior together

${measuredOn('controls')}

The same small request to a build from before there were any of these, and to this one with all of them on, taking turns: each request brings a signed claim of its own, is counted by three limits and passes a gate. What the build has learned since otherwise (cases, events, usage) counts here, too. Twice on the same processes: just started, and after ${value('controls.warmUpRequests')} requests more, when the engine has compiled what runs often.

${targetTable([
  ...rowsOf('embedded', 'embedded database', 'fresh', 'just started'),
  ...rowsOf('embedded', 'embedded database', 'warm', 'warm'),
  ...rowsOf('server', 'PostgreSQL server', 'fresh', 'just started'),
  ...rowsOf('server', 'PostgreSQL server', 'warm', 'warm'),
])}
`;
