import { isRecord, type Json, number, result } from './results.ts';

/** Three, but 99.96 is not 100. */
const digitsOf = (n: number) => (n >= 99.95 && n < 100 ? 4 : 3);
const format = (n: number) => (Math.abs(n) >= 1000 ? Math.round(n).toLocaleString('en-US') : String(Number(n.toPrecision(digitsOf(n)))));
export const cell = (found: unknown, unit = '') => {
  const n = number(found);
  return n === null ? (typeof found === 'string' ? found : 'not measured') : `${format(n)}${unit}`;
};

export interface Target {
  readonly what: string;
  /** Without a target a number stands for itself, and is neither met nor missed. */
  readonly target?: string;
  readonly measured: unknown;
  readonly unit?: string;
  readonly met?: (n: number) => boolean;
}

function targetRow({ what, target = '–', measured, unit = '', met }: Target): string {
  const n = number(measured);
  return `| ${what} | ${target} | ${cell(measured, unit)} | ${n === null || met === undefined ? '–' : met(n) ? 'yes' : '**no**'} |`;
}

export const targetTable = (rows: readonly Target[]) =>
  ['| | target | measured | met |', '|---|---|---|---|', ...rows.map(targetRow)].join('\n');

export function table(rows: readonly Json[], columns: Readonly<Record<string, string>>): string {
  if (rows.length === 0) return 'Not measured.';
  const head = `| ${Object.values(columns).join(' | ')} |\n|${Object.keys(columns)
    .map(() => '---')
    .join('|')}|`;
  return [
    head,
    ...rows.map(
      (row) =>
        `| ${Object.keys(columns)
          .map((key) => cell(row[key]))
          .join(' | ')} |`,
    ),
  ].join('\n');
}

export function measuredOn(name: string): string {
  const { machine, measuredAt, commit } = result(name);
  if (!isRecord(machine)) return `\`bench/results/${name}.json\` is missing: not measured.`;
  return `Measured ${String(measuredAt).slice(0, 16).replace('T', ' ')} UTC at commit \`${commit}\` on ${machine['cores']} cores of ${machine['cpu']}, ${machine['memoryGb']} GB, Node ${machine['node']}; load at the end ${machine['loadAtEnd']}.`;
}

export const atMost = (limit: number) => (n: number) => n <= limit;
export const atLeast = (limit: number) => (n: number) => n >= limit;
