import type { Result } from '../campaign.ts';
import { isFailure } from '../graders/grade.ts';
import { escaped } from './html.ts';
import { counted } from './words.ts';

/** Families down, probes across: how many of how many failed. Known failures count too: the map shows the gateway as it is. */
export function heatMap(results: readonly Result[]): string {
  const probes = distinct(results.map(({ attack }) => attack.probe));
  const families = distinct(results.map(({ attack }) => attack.family));
  const at = (family: string | null, probe: string) =>
    results.filter(({ attack }) => attack.probe === probe && (family === null || attack.family === family));
  const row = (family: string) =>
    `<tr><th scope="row">${familyLink(family, results)}</th>${probes.map((probe) => cell(at(family, probe))).join('')}</tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="Heat map"><table class="heat">
<thead><tr><th scope="col">Family</th>${probes.map((probe) => `<th scope="col">${escaped(probe)}</th>`).join('')}</tr></thead>
<tbody>${families.map(row).join('\n')}</tbody>
<tfoot><tr><th scope="row">all</th>${probes.map((probe) => cell(at(null, probe))).join('')}</tr></tfoot>
</table></div>`;
}

/** The anchor under which a family's failures are listed. */
export function familyAnchor(family: string): string {
  return `family-${family.replace(/\W+/g, '-')}`;
}

function familyLink(family: string, results: readonly Result[]): string {
  const hasFailures = results.some(({ attack, verdict }) => attack.family === family && isFailure(verdict));
  return hasFailures ? `<a href="#${familyAnchor(family)}">${escaped(family)}</a>` : escaped(family);
}

function cell(results: readonly Result[]): string {
  if (results.length === 0) return '<td class="none"><span aria-hidden="true">–</span></td>';
  const failed = results.filter(({ verdict }) => isFailure(verdict)).length;
  const untold = results.filter(({ verdict }) => verdict === 'error').length;
  const errors = untold === 0 ? '' : `<span class="untold"> ${counted(untold, 'error')}</span>`;
  if (failed === 0) return `<td>${results.length - untold}${errors}</td>`;
  // Ten per cent must be seen as well as ninety.
  const share = Math.round(25 + (75 * failed) / results.length);
  return `<td class="hit" style="--share:${share}">${failed}<span class="soft"> of ${results.length.toLocaleString('en')}</span>${errors}</td>`;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
