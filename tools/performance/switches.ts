/** How soon a kill switch holds, and what leaves after it. */
import { value } from './results.ts';
import { atLeast, atMost, measuredOn, targetTable } from './tables.ts';

export const switches = () => `## Kill switch

${measuredOn('kill-switch')}

Three processes on one PostgreSQL, 200 requests under way in all stages. "Holds" is when the last process has refused a request because of it; "database killed" is a \`SIGKILL\` of PostgreSQL at the moment
of the call, and its return two seconds later.

${targetTable([
  { what: 'trials', target: '100', measured: value('kill-switch.plain.trials'), met: atLeast(100) },
  {
    what: 'holds in the last process, p99',
    target: '≤ 1,000 ms',
    measured: value('kill-switch.plain.lastProcessMs.p99'),
    unit: ' ms',
    met: atMost(1_000),
  },
  {
    what: 'last picture after the call, p99',
    target: '≤ 1,000 ms',
    measured: value('kill-switch.plain.lastPictureMs.p99'),
    unit: ' ms',
    met: atMost(1_000),
  },
  { what: 'pictures after the answer', target: '0', measured: value('kill-switch.plain.picturesAfterAnswer'), met: atMost(0) },
  {
    what: 'pictures later than a second after the call',
    target: '0',
    measured: value('kill-switch.plain.picturesAfterOneSecond'),
    met: atMost(0),
  },
  { what: 'trials, database killed', measured: value('kill-switch.databaseKilled.trials') },
  {
    what: 'holds in the last process, p99, database killed',
    target: '≤ 1,000 ms',
    measured: value('kill-switch.databaseKilled.lastProcessMs.p99'),
    unit: ' ms',
    met: atMost(1_000),
  },
  {
    what: 'pictures later than a second after the call, database killed',
    target: '0',
    measured: value('kill-switch.databaseKilled.picturesAfterOneSecond'),
    met: atMost(0),
  },
])}
`;
