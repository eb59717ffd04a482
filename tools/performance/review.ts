/** Cases: claims under faults, the page of a case, and how often pictures are seen. */
import { list, value } from './results.ts';
import { atMost, cell, measuredOn, table, targetTable } from './tables.ts';

const WRONG = {
  decidedTwice: 'cases decided twice',
  lostDecisions: 'decisions that were answered and are gone',
  lostCases: 'cases neither waiting nor decided',
  staleDecisions: 'decisions under a lease that had ended',
  halfDecided: 'cases whose generation or ledger says something else',
};

export const review = () => `## Review

${measuredOn('review-leases')} ${cell(value('review-leases.reviewers'))} reviewers in five processes decide ${cell(value('review-leases.decisions'))} of ${cell(value('review-leases.cases'))} cases, thinking at most ${cell(value('review-leases.thinkMs'))} ms, while ${cell(value('review-leases.processKills'))} processes and ${cell(value('review-leases.databaseKills'))} times the database are killed. Leases of two seconds; windows are closed, decisions come late or twice.

${targetTable([
  ...Object.entries(WRONG).map(([key, what]) => ({ what, target: '0', measured: value(`review-leases.wrong.${key}`), met: atMost(0) })),
  { what: 'claim of the next case, p95', target: '≤ 100 ms', measured: value('review-leases.claimMs.p95'), unit: ' ms', met: atMost(100) },
  { what: 'claim of the next case, median', measured: value('review-leases.claimMs.p50'), unit: ' ms' },
])}

${measuredOn('case-page')} The page of a case with its blurred ${cell(value('case-page.pictureSide'))} px picture, after ${cell(value('case-page.generations'))} generations and ${cell(value('case-page.pastCases'))} past cases; ${cell(value('case-page.pages'))} pages, each asked for once.

${targetTable([
  { what: 'page with picture, p95', target: '≤ 500 ms', measured: value('case-page.pageMs.p95'), unit: ' ms', met: atMost(500) },
  { what: 'page with picture, median', measured: value('case-page.pageMs.p50'), unit: ' ms' },
  { what: 'of that the picture, median', measured: value('case-page.pictureMs.p50'), unit: ' ms' },
])}

${measuredOn('review-exposures')} A simulation: ${cell(value('review-exposures.cases'))} held pictures of ${cell(value('review-exposures.wishes'))} wishes, whose popularity follows Zipf's law with exponent ${cell(value('review-exposures.zipf'))}, an assumption. Look-alikes decided at once are ${cell(value('review-exposures.clusters'))} decisions; ${cell(value('review-exposures.wronglyJoined'))} pictures were joined with strangers. How many are decided by the blurred copy alone is an assumption too:

${table(list('review-exposures.fewerWithPreviews'), { decidedBlurred: 'share decided without the full picture', fewer: 'fewer views in full' })}
`;
