import type { Failure } from '../run-report.ts';
import { familyAnchor } from './heat-map.ts';
import { escaped, visible } from './html.ts';
import { answerWords, EXPECTED_WORDS, VERDICT_WORDS } from './words.ts';

/** One block for each family; in it one line for each disguise, with the probes where it failed and the first text that did. */
export function failureList(failures: readonly Failure[]): string {
  const families = Object.entries(groupBy(failures, ({ result }) => result.attack.family));
  return families.map(([family, list]) => familyBlock(family, list, families.length <= 3)).join('\n');
}

function familyBlock(family: string, failures: readonly Failure[], isOpen: boolean): string {
  const lines = Object.values(groupBy(failures, ({ result: { attack, verdict } }) => `${attack.mutation}\n${verdict}\n${attack.expect}`));
  return `<details id="${familyAnchor(family)}"${isOpen ? ' open' : ''}><summary><span>${escaped(family)}</span><span class="count">${failures.length}</span></summary>
<div class="inside"><table class="rows failures"><thead><tr><th scope="col">Disguise, and where</th><th scope="col">What happened</th><th scope="col">Sent</th></tr></thead>
<tbody>${lines.map(line).join('\n')}</tbody></table></div></details>`;
}

function line(failures: readonly Failure[]): string {
  const [first] = failures;
  if (first === undefined) return '';
  const { attack, answer, verdict } = first.result;
  const known = first.known === undefined ? '' : `<br><span class="soft">Known: ${escaped(first.known.reason)}</span>`;
  return `<tr><th scope="row">${escaped(attack.mutation)}<br><span class="soft">${escaped(placesOf(failures))}</span></th>
<td><span class="warm">${VERDICT_WORDS[verdict]}</span><br><span class="soft">expected ${EXPECTED_WORDS[attack.expect]}; was ${escaped(answerWords(answer))}</span>${known}</td>
<td class="sent"><bdi>${visible(attack.text)}</bdi></td></tr>`;
}

/** `markers ×6 · stream`: the probes, each with how often. */
function placesOf(failures: readonly Failure[]): string {
  return Object.entries(groupBy(failures, ({ result }) => result.attack.probe))
    .map(([probe, { length }]) => (length === 1 ? probe : `${probe} ×${length}`))
    .join(' · ');
}

function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Record<string, T[]> {
  const groups: Record<string, T[]> = {};
  for (const item of items) {
    groups[nameOf(item)] ??= [];
    groups[nameOf(item)]?.push(item);
  }
  return groups;
}
