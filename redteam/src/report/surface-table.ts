import type { SurfaceRow } from '../graders/surfaces.ts';
import { escaped, visible } from './html.ts';
import { counted } from './words.ts';

/** Which requests were answered differently, and how many were not. */
export function surfaceTable(rows: readonly SurfaceRow[] | null): string {
  if (rows === null)
    return '<p>Not compared: the run had no operator key (<code>--operator-key</code>), with which it makes a key for each surface.</p>';
  const odd = rows.filter(({ outcome }) => outcome !== 'same');
  const names = Object.keys(rows[0]?.answers ?? {});
  const doors = [...new Set(rows.map(({ door }) => door))];
  return `<p>The same request, with a key of each surface: a difference may exist only where the policy states it.</p>
<div class="scroll"><table class="rows"><thead><tr><th scope="col">Door</th><th scope="col">Requests</th>${names.map((name) => `<th scope="col">Stopped on ${escaped(name)}</th>`).join('')}<th scope="col">Differ</th><th scope="col">Errors</th></tr></thead>
<tbody>${doors
    .map((door) =>
      doorRow(
        door,
        rows.filter((row) => row.door === door),
        names,
      ),
    )
    .join('\n')}</tbody></table></div>
${odd.length === 0 ? '' : oddTable(odd, names)}`;
}

const STOPS: ReadonlySet<string> = new Set(['flagged', 'held', 'blocked']);

function doorRow(door: string, rows: readonly SurfaceRow[], names: readonly string[]): string {
  const count = (fits: (row: SurfaceRow) => boolean) => rows.filter(fits).length;
  const differing = count(({ outcome }) => outcome === 'differs');
  return `<tr><th scope="row">${escaped(door)}</th><td>${rows.length}</td>${names
    .map((name) => `<td>${count(({ answers }) => STOPS.has(answers[name] ?? ''))}</td>`)
    .join('')}<td class="${differing > 0 ? 'warm' : ''}">${differing}</td><td>${count(({ outcome }) => outcome === 'error')}</td></tr>`;
}

function oddTable(rows: readonly SurfaceRow[], names: readonly string[]): string {
  return `<details open><summary><span>Not the same everywhere</span><span class="count">${counted(rows.length, 'request')}</span></summary><div class="inside"><table class="rows">
<thead><tr><th scope="col">Door and disguise</th>${names.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}<th scope="col">Sent</th></tr></thead>
<tbody>${rows
    .map(
      ({ door, mutation, answers, text }) =>
        `<tr><th scope="row">${escaped(mutation)}<br><span class="soft">${escaped(door)}</span></th>${names.map((name) => `<td>${escaped(answers[name] ?? '')}</td>`).join('')}<td class="sent"><bdi>${visible(text)}</bdi></td></tr>`,
    )
    .join('\n')}</tbody></table></div></details>`;
}
