import type { Result } from '../campaign.ts';
import type { SurfaceRow } from '../graders/surfaces.ts';
import type { RunReport } from '../run-report.ts';
import { answerWords, EXPECTED_WORDS, VERDICT_WORDS } from './words.ts';

/** JUnit XML, one suite for each probe: known failures are skipped with their reason. Holds no text that was sent. */
export function junit(report: RunReport): string {
  const probes = [...new Set(report.results.map(({ attack }) => attack.probe))];
  const known = new Map(
    report.failures.flatMap((failure) => (failure.known === undefined ? [] : [[failure.result, failure.known.reason]])),
  );
  const suites = probes.map((probe) =>
    suite(
      probe,
      report.results.filter(({ attack }) => attack.probe === probe).map((result) => testcase(result, known.get(result))),
    ),
  );
  if (report.surfaces !== null) suites.push(suite('surfaces', report.surfaces.map(surfaceCase)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="imprimatur-redteam">\n${suites.join('\n')}\n</testsuites>\n`;
}

interface Case {
  readonly xml: string;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
}

function suite(name: string, cases: readonly Case[]): string {
  const count = (wanted: Case['kind']) => cases.filter(({ kind }) => kind === wanted).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return `  <testsuite name="${xml(name)}" ${counts}>\n${cases.map((one) => one.xml).join('\n')}\n  </testsuite>`;
}

function testcase({ attack, answer, verdict, tookMs }: Result, reason: string | undefined): Case {
  const opening = `    <testcase classname="${xml(`${attack.probe}.${attack.family}`)}" name="${xml(attack.id)}" time="${(tookMs / 1000).toFixed(3)}"`;
  if (verdict === 'firm') return { kind: 'passed', xml: `${opening}/>` };
  const kind = reason !== undefined ? 'skipped' : verdict === 'error' ? 'error' : 'failure';
  const said = `${VERDICT_WORDS[verdict]}: expected ${EXPECTED_WORDS[attack.expect]}, was ${answerWords(answer)}${reason === undefined ? '' : `; known: ${reason}`}`;
  return { kind, xml: `${opening}><${kind} message="${xml(said)}"/></testcase>` };
}

function surfaceCase({ door, family, mutation, text, answers, outcome }: SurfaceRow, index: number): Case {
  const opening = `    <testcase classname="${xml(`surfaces.${family}`)}" name="${xml(`${index + 1}. ${door}/${mutation}, ${text.length} characters`)}"`;
  if (outcome === 'same') return { kind: 'passed', xml: `${opening}/>` };
  const kind = outcome === 'differs' ? 'failure' : 'error';
  const said = Object.entries(answers)
    .map(([surface, answer]) => `${surface}: ${answer}`)
    .join(', ');
  return { kind, xml: `${opening}><${kind} message="${xml(said)}"/></testcase>` };
}

/** XML 1.0 has no control characters and no halves of surrogate pairs, not even escaped. */
function xml(text: string): string {
  return text.replace(/[\p{Cs}\p{Cc}\ufffe\uffff]/gu, '?').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
