/** Whether limits hold under several processes, and how many a process can ask. */
import { value } from './results.ts';
import { atLeast, atMost, measuredOn, targetTable } from './tables.ts';

export const limits = () => `## Limits

${measuredOn('limits')}

Four processes ask for one count as fast as they can, on one PostgreSQL, until it says no; then they give back what they had leased. In the killed trials one of them is killed (\`SIGKILL\`) on the way:
what it had leased is counted and given to nobody until the window has passed. "Cold": another count with each check, so each is a row of the database. "Hot": one count, under a lease.
The machine is a shared one: in the morning of 2026-11-22 the same bench gave 27,807 cold and 1,025,914 hot; when this was measured, that morning's code gave 17,740 and 705,357.

${targetTable([
  { what: 'given at most over the limit', target: '≤ 0', measured: value('limits.exact.mostOverLimit'), met: atMost(0) },
  { what: 'counted and not given, at the end', target: '≤ 0', measured: value('limits.exact.countedTooMany'), met: atMost(0) },
  { what: 'given at most over the limit, a process killed', target: '≤ 0', measured: value('limits.killed.mostOverLimit'), met: atMost(0) },
  { what: 'counted and not known to be given, a process killed', measured: value('limits.killed.mostLost') },
  { what: 'checks a second and process, cold', target: '≥ 20,000', measured: value('limits.cold.checksPerSecond'), met: atLeast(20_000) },
  { what: 'checks a second and process, hot', target: '≥ 200,000', measured: value('limits.hot.checksPerSecond'), met: atLeast(200_000) },
  { what: 'CPU of the process for each check, cold', measured: value('limits.cold.cpuMicrosEach'), unit: ' µs' },
  { what: 'CPU of the process for each check, hot', measured: value('limits.hot.cpuMicrosEach'), unit: ' µs' },
])}
`;
