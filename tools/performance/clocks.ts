/** Deadlines, and the forecast of those that will be broken. */
import { list, number, value } from './results.ts';
import { atLeast, atMost, cell, measuredOn, targetTable } from './tables.ts';

const sum = (key: string) => list('clocks.forecasts').reduce((all, one) => all + (number(one[key]) ?? 0), 0);

/** Of the cases that still waited an hour before their deadline, the share of which the forecast was right, in percent. */
export const rightOfWaiting = () => {
  const open = sum('openAnHourAhead');
  return open === 0 ? null : Math.round((1 - sum('wrongAnHourAhead') / open) * 10_000) / 100;
};

export const clocks = () => `## Deadlines

${measuredOn('clocks')} ${cell(value('clocks.clocks.cases'))} deadlines over every obligation and other durations in eight zones, half of them in nights in which clocks change, against an
arithmetic that walks day by day; and four simulated queues (enough people; notices of many kinds; a surge; too few people in the evening), ${cell(sum('cases'))} cases in all, each asked about an
hour before its deadline. Most are easy, since they had been decided by then; the third line is of those that had not, ${cell(sum('openAnHourAhead'))} of them.

${targetTable([
  { what: 'wrong deadlines', target: '0', measured: value('clocks.clocks.errors'), met: atMost(0) },
  { what: 'wrong alarms at 50, 75 and 90 %', target: '0', measured: value('clocks.clocks.alarmErrors'), met: atMost(0) },
  {
    what: 'forecast right an hour ahead, all cases',
    target: '≥ 99.9 %',
    measured: percent(value('clocks.rightAnHourAhead')),
    unit: ' %',
    met: atLeast(99.9),
  },
  { what: 'the same, of cases that still waited', measured: rightOfWaiting(), unit: ' %' },
])}
`;

function percent(share: unknown): number | null {
  const found = number(share);
  return found === null ? null : Math.round(found * 10_000) / 100;
}
