import { PROBES } from '../probes/all.ts';
import type { RunReport } from '../run-report.ts';
import { failureList } from './failure-list.ts';
import { heatMap } from './heat-map.ts';
import { escaped } from './html.ts';
import { STYLE } from './style.ts';
import { surfaceTable } from './surface-table.ts';
import { answerWords, counted } from './words.ts';

/** The whole report as one HTML page that needs nothing else, no script either. */
export function page(report: RunReport): string {
  const { facts, results } = report;
  const fresh = report.failures.filter(({ known }) => known === undefined);
  const known = report.failures.filter((failure) => failure.known !== undefined);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Red team: ${escaped(headline(report))}</title><style>${STYLE}</style></head>
<body><header><p class="eyebrow">Imprimatur red team · ${escaped(facts.startedAt.toISOString().slice(0, 16).replace('T', ' '))} UTC · ${escaped(facts.baseUrl)}</p>
<h1 class="${report.exitCode === 0 ? 'calm' : 'warm'}">${escaped(headline(report))}</h1>
<p>${counted(results.length, 'attack')}${results.length < facts.available ? ` of ${facts.available.toLocaleString('en')}` : ''} from harmless seeds in ${Math.round(facts.tookMs / 1000)} s, through the official SDK. The markers mean nothing; a rule stops them, so that there is something to get past.</p>
${figures(report)}</header>
<main>
${unprovenNote(report)}
<section><h2>Where it gave way</h2><p class="soft">Disguises down, doors and habits across. A bare number is how many attempts stood firm; a colored cell says how many of how many did not, the known ones included.</p>${heatMap(results)}</section>
<section><h2>What got through, and what was stopped in error</h2>${fresh.length === 0 ? '<p>Nothing new.</p>' : failureList(fresh)}</section>
<section><h2>Surfaces side by side</h2>${surfaceTable(report.surfaces)}</section>
${known.length === 0 ? '' : `<section><h2>Known and accepted</h2><p class="soft">Listed in the file of known failures, each with its reason.</p>${failureList(known).replaceAll('id="family-', 'id="known-family-')}</section>`}
${outdatedNote(report)}
${errorList(report)}
<section><h2>What was probed</h2>${probeTable(report)}</section>
<section><h2>Again</h2><p>The same disguises come back with the same seed of chance.</p><pre><code>imprimatur-redteam --base-url ${escaped(facts.baseUrl)} --key … --seed ${facts.chance} --out …</code></pre></section>
</main></body></html>
`;
}

function headline({ failures, surfaces, exitCode, results }: RunReport): string {
  if (results.length === 0) return 'Nothing was attacked';
  if (exitCode === 2) return 'Too much could not be told';
  if (exitCode === 0) return 'Nothing new got through';
  const fresh = failures.filter(({ known }) => known === undefined);
  if (fresh.some(({ result }) => result.verdict === 'unproven')) return 'The planted rule is missing';
  const through = fresh.filter(({ result }) => result.verdict === 'got-through').length;
  if (through > 0) return `${counted(through, 'attack')} got through`;
  if (fresh.length > 0) return `${counted(fresh.length, 'answer')} ${fresh.length === 1 ? 'was' : 'were'} not as they should be`;
  return `${counted((surfaces ?? []).filter(({ outcome }) => outcome === 'differs').length, 'request')} answered differently by surface`;
}

function figures({ results, failures, errors, surfaces }: RunReport): string {
  const fresh = (verdict: string) => failures.filter(({ result, known }) => result.verdict === verdict && known === undefined).length;
  const differing = (surfaces ?? []).filter(({ outcome }) => outcome === 'differs').length;
  const list: readonly (readonly [string, string | number, boolean])[] = [
    ['stood firm', results.filter(({ verdict }) => verdict === 'firm').length.toLocaleString('en'), false],
    ['got through', fresh('got-through'), fresh('got-through') > 0],
    ['false alarms', fresh('false-alarm'), fresh('false-alarm') > 0],
    ['broke', fresh('broke'), fresh('broke') > 0],
    ['known', failures.filter(({ known }) => known !== undefined).length, false],
    ['errors', errors.length, errors.length > 0],
    ['surfaces differ', surfaces === null ? '–' : differing, differing > 0],
  ];
  return `<dl class="figures">${list
    .map(([name, value, isWarm]) => `<div><dt>${name}</dt><dd${isWarm ? ' class="warm"' : ''}>${value}</dd></div>`)
    .join('')}</dl>`;
}

function unprovenNote({ failures }: RunReport): string {
  const count = failures.filter(({ result }) => result.verdict === 'unproven').length;
  if (count === 0) return '';
  return `<section><h2 class="warm">${counted(count, 'attack proves', 'attacks prove')} nothing</h2><p>The undisguised seed was not answered as expected, so nothing can be said about its disguises. Name <code>redteam/policies/marker-rules.yaml</code> in the setting <code>promptRules</code> of the gateway.</p></section>`;
}

function outdatedNote({ outdated }: RunReport): string {
  if (outdated.length === 0) return '';
  const names = outdated.map(({ probe, family, mutation }) => `<li>${escaped([probe, family, mutation].filter(Boolean).join(' · '))}</li>`);
  return `<section><h2>Known failures that no longer fail</h2><p>Their lines can go from the file.</p><ul>${names.join('')}</ul></section>`;
}

function errorList({ errors }: RunReport): string {
  if (errors.length === 0) return '';
  const rows = errors
    .slice(0, 50)
    .map(({ attack, answer }) => `<tr><th scope="row">${escaped(attack.id)}</th><td>${escaped(answerWords(answer))}</td></tr>`);
  return `<section><h2>Errors</h2><p class="soft">Neither success nor failure: it could not be told.${errors.length > 50 ? ' The first fifty.' : ''}</p><div class="scroll"><table class="rows"><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function probeTable({ results }: RunReport): string {
  const used = PROBES.filter(({ name }) => results.some(({ attack }) => attack.probe === name));
  return `<div class="scroll"><table class="rows"><tbody>${used.map(({ name, about }) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(about)}</td></tr>`).join('')}</tbody></table></div>`;
}
