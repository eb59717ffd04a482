/** What claims, limits, gates, switches and behavior add together to a request. */
import { value } from './results.ts';
import { atMost, measuredOn, targetTable } from './tables.ts';

export const controls = () => `## Claims, limits, gates, switches and behavior together

${measuredOn('controls')}

The same small request to a build from before there were any of these, and to this one with all of them on, taking turns: each request brings a signed claim of its own, is counted by three limits and passes a gate.

${targetTable([
  {
    what: 'added to the median, embedded database',
    target: '≤ 1 ms',
    measured: value('controls.embedded.controlsP50Ms'),
    unit: ' ms',
    met: atMost(1),
  },
  { what: 'CPU before, embedded database', measured: value('controls.embedded.beforeCpuMs'), unit: ' ms' },
  { what: 'CPU now, embedded database', measured: value('controls.embedded.nowCpuMs'), unit: ' ms' },
  {
    what: 'added to the median, PostgreSQL server',
    target: '≤ 1 ms',
    measured: value('controls.server.controlsP50Ms'),
    unit: ' ms',
    met: atMost(1),
  },
  { what: 'CPU before, PostgreSQL server', measured: value('controls.server.beforeCpuMs'), unit: ' ms' },
  { what: 'CPU now, PostgreSQL server', measured: value('controls.server.nowCpuMs'), unit: ' ms' },
])}
`;
