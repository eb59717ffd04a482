/** How many of the planted abusers are noticed, how soon, and what watching costs. */
import { value } from './results.ts';
import { atLeast, atMost, measuredOn, targetTable } from './tables.ts';

const STRATEGIES = {
  mutation: 'mutation after a refusal',
  slow: 'slow',
  dilution: 'dilution',
  rotation: 'rotating accounts',
  template: 'shared template',
};

const WORLDS = {
  '': 'chosen on',
  'livedIn.': 'chosen on, too: ordinary people who do what looks like probing',
  'heldOut.': 'held out',
};

/** One world's lines. */
function linesOf([path, words]: readonly [string, string]) {
  const at = (key: string) => value(`behavior.${path}${key}`);
  return [
    { what: `**${words}**: requests`, measured: at('requests') },
    { what: 'probing accounts noticed within ten requests', target: '≥ 0.95', measured: at('flaggedWithinTen'), met: atLeast(0.95) },
    ...Object.entries(STRATEGIES).map(([key, strategy]) => ({
      what: `of these: ${strategy}`,
      measured: at(`byStrategy.${key}.flaggedWithinTen`),
    })),
    { what: 'mass producers noticed', measured: at('mass.flagged') },
    { what: 'ordinary accounts noticed', target: '≤ 0.001', measured: at('ordinaryFlagged'), met: atMost(0.001) },
    { what: 'planted campaigns that are found', measured: at('campaigns.recall') },
    { what: 'purity of campaigns', target: '≥ 0.9', measured: at('campaigns.purity'), met: atLeast(0.9) },
    { what: 'CPU per request', target: '≤ 50 µs', measured: at('cpuMicrosPerRequest'), unit: ' µs', met: atMost(50) },
  ];
}

export const behavior = () => `## Behavior

${measuredOn('behavior')}

Synthetic months replayed, through the database and back: one in a hundred accounts abuses, by six strategies. Weights were chosen on two worlds; on the held-out one (other numbers throughout: \`bench/behavior/worlds.ts\`) nothing was,
though it was looked at to learn for what ordinary people were flagged, and the causes were built into the second. Published pictures have a month of their own, of hashes alone.

${targetTable([
  ...Object.entries(WORLDS).flatMap(linesOf),
  { what: 'state', target: '≤ 300 MB', measured: value('behavior.stateMegabytes'), unit: ' MB', met: atMost(300) },
  { what: '**pictures that look alike**: pictures', measured: value('behavior.pictures.pictures') },
  { what: 'rings of accounts that are found', measured: value('behavior.pictures.rings.recall') },
  { what: 'purity of rings', target: '≥ 0.9', measured: value('behavior.pictures.rings.purity'), met: atLeast(0.9) },
  { what: 'accounts that make one picture 300 times, named', measured: value('behavior.pictures.copies.mass') },
  {
    what: 'ordinary accounts named for copies',
    target: '≤ 0.001',
    measured: value('behavior.pictures.copies.ordinary'),
    met: atMost(0.001),
  },
  { what: 'CPU per picture, away from requests', measured: value('behavior.pictures.microsPerPicture'), unit: ' µs' },
])}
`;
