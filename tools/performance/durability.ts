/** What a durable act costs, the log, and what is left after a kill. */
import { value } from './results.ts';
import { atLeast, atMost, cell, measuredOn, table, targetTable } from './tables.ts';

export const durableActs = () => `## Durable acts

${measuredOn('journal')}

An act is what a refused generation writes: its row, its decision and a ledger entry, in one commit that is synced to the disk. 64 writers at a time.

${table(
  ['embedded', 'postgres'].map((engine) => ({
    engine,
    ...Object.fromEntries(Object.entries(value(`journal.actsPerSecond.${engine}`) ?? {})),
  })),
  {
    engine: 'acts/s on',
    withLedger: 'grouped, with ledger',
    withoutLedger: 'grouped, without ledger',
    oneByOne: 'one by one',
    headLocked: 'head of the log locked in each',
  },
)}

${targetTable([
  {
    what: 'with the ledger, to without it, PostgreSQL',
    target: '≥ 0.6',
    measured: value('journal.ratios.postgres.withLedgerToWithout'),
    met: atLeast(0.6),
  },
  {
    what: 'with the ledger, to without it, embedded',
    target: '≥ 0.6',
    measured: value('journal.ratios.embedded.withLedgerToWithout'),
    met: atLeast(0.6),
  },
  {
    what: 'with the ledger, to a log whose head is locked, PostgreSQL',
    target: '≥ 8',
    measured: value('journal.ratios.postgres.withLedgerToHeadLocked'),
    met: atLeast(8),
  },
  {
    what: 'with the ledger, to a log whose head is locked, embedded',
    target: '≥ 8',
    measured: value('journal.ratios.embedded.withLedgerToHeadLocked'),
    met: atLeast(8),
  },
  {
    what: 'grouped to one by one, PostgreSQL',
    target: '≥ 2',
    measured: value('journal.ratios.postgres.groupedToOneByOne'),
    met: atLeast(2),
  },
  { what: 'grouped to one by one, embedded', target: '≥ 5', measured: value('journal.ratios.embedded.groupedToOneByOne'), met: atLeast(5) },
  { what: 'embedded to PostgreSQL', target: '≥ 0.7', measured: value('journal.ratios.embeddedToPostgres'), met: atLeast(0.7) },
])}
`;

export const log = () => `## The log at ${cell(value('ledger.leaves'))} entries

${measuredOn('ledger')}

${targetTable(
  ['postgres', 'embedded'].flatMap((engine) => [
    {
      what: `sequencer, ${engine}`,
      target: '≥ 20,000 leaves/s',
      measured: value(`ledger.${engine}.leavesPerSecond`),
      unit: '/s',
      met: atLeast(20_000),
    },
    {
      what: `inclusion proof, p50, ${engine}`,
      target: '≤ 1 ms',
      measured: value(`ledger.${engine}.inclusionProofs.p50Ms`),
      unit: ' ms',
      met: atMost(1),
    },
    {
      what: `commit to leaf, p99, ${engine}`,
      target: '≤ 100 ms',
      measured: value(`ledger.${engine}.commitToLeaf.p99Ms`),
      unit: ' ms',
      met: atMost(100),
    },
  ]),
)}

### Verified by code that is not ours

${measuredOn('ledger-verify')}

${targetTable([
  {
    what: "Go's `sumdb/tlog` checks a million leaves and 20,000 proofs in",
    target: '≤ 60 s',
    measured: value('ledger-verify.goVerifier.seconds'),
    unit: ' s',
    met: atMost(60),
  },
  { what: 'tamperings that it missed, of 1,000', target: '0', measured: value('ledger-verify.tampering.missedBy.go'), met: (n) => n === 0 },
  {
    what: 'tamperings that our own audit missed',
    target: '0',
    measured: value('ledger-verify.tampering.missedBy.ours'),
    met: (n) => n === 0,
  },
])}
`;

export const kills = () => `## Killed and started again

${measuredOn('kill-soak')}

${targetTable([
  { what: 'rounds of `kill -9` during load', target: '100', measured: value('kill-soak.rounds'), met: atLeast(100) },
  { what: 'acknowledged generations that were checked', measured: value('kill-soak.acknowledged') },
  { what: 'violations found', target: '0', measured: value('kill-soak.violations'), met: (n) => n === 0 },
])}
`;
