/** How soon the console's screens stand, and what the operations board costs. */
import { value } from './results.ts';
import { atMost, measuredOn, targetTable } from './tables.ts';

export const consoleScreens = () => `## Console

${measuredOn('console-loading')} A cold browser, answers made up on the same machine: the time of the screens, not of the gateway.

${targetTable([
  { what: 'first load, compressed', target: '≤ 300 KB', measured: value('console-loading.firstLoadKb'), unit: ' KB', met: atMost(300) },
  { what: 'first paint, median', measured: value('console-loading.medianMs.firstPaint'), unit: ' ms' },
  { what: 'queues, median', measured: value('console-loading.medianMs.queues'), unit: ' ms' },
  { what: 'a case page with its picture, median', measured: value('console-loading.medianMs.pictureAfterStart'), unit: ' ms' },
  { what: 'reveal, median', measured: value('console-loading.medianMs.reveal'), unit: ' ms' },
])}

${measuredOn('operations')} The operations board over a history of decisions, while it grows.

${targetTable([
  { what: 'decisions', measured: value('operations.decisions') },
  { what: 'board, p95', measured: value('operations.boardMs.p95'), unit: ' ms' },
  { what: 'live objectives, p95', measured: value('operations.objectivesMs.p95'), unit: ' ms' },
  { what: 'a turn of counting, p95', measured: value('operations.turnMs.p95'), unit: ' ms' },
])}
`;
