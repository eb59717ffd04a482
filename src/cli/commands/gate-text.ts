import { z } from 'zod';
import { UsageError } from '../command.ts';
import { table } from '../table.ts';

const RATES = ['refused', 'held', 'reported'] as const;
const band = z.object({ low: z.number(), high: z.number() });
const percent = z
  .number()
  .nullish()
  .transform((share) => share ?? null);

export const shownGate = z.looseObject({
  capability: z.string(),
  state: z.string(),
  percent,
  allow: z.array(z.string()).exactOptional(),
  overrides: z
    .array(
      z.looseObject({
        surface: z.string().exactOptional(),
        region: z.string().exactOptional(),
        state: z.string(),
        percent: z.number().exactOptional(),
        allow: z.array(z.string()).exactOptional(),
      }),
    )
    .exactOptional(),
  canary: z
    .object({ refused: band.exactOptional(), held: band.exactOptional(), reported: band.exactOptional(), roll_back_to: z.string() })
    .exactOptional(),
  evidence: z.record(z.string(), z.number()).exactOptional(),
  rolls_back_at: z.number().exactOptional(),
  version: z.number(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  changed_at: z.string().nullable(),
});
export type ShownGate = z.output<typeof shownGate>;

/** Bands as the command line has them: `refused=0.005..0.05,held=..0.02`; `none`: no canary. Undefined: nothing was said. @throws UsageError */
export function canaryOf(written: string | undefined, rollBackTo: string | undefined): object | null | undefined {
  if (written === undefined && rollBackTo !== undefined) throw new UsageError('Say --canary too: the bands, out of which it rolls back.');
  if (written === undefined) return undefined;
  if (written === 'none') return null;
  const bands = written.split(',').map((one): [string, object] => {
    const [, rate = '', low = '', high] = /^(refused|held|reported)=([\d.]*?)\.\.([\d.]+)$/.exec(one.trim()) ?? [];
    if (high === undefined || Number.isNaN(Number(low)) || Number.isNaN(Number(high)))
      throw new UsageError(`"${one}" is no band: say refused=LOW..HIGH, held=..HIGH or reported=..HIGH, as shares from 0 to 1; or none.`);
    return [rate, { ...(low === '' ? {} : { low: Number(low) }), high: Number(high) }];
  });
  return { ...Object.fromEntries(bands), ...(rollBackTo === undefined ? {} : { roll_back_to: rollBackTo }) };
}

/** One gate with all that it says, and how far its shares have gone out of their bands. */
export function tellGate(gate: ShownGate): string {
  const { capability, version, reason, by, changed_at: changedAt, overrides = [], canary } = gate;
  const turned =
    changedAt === null
      ? 'Nobody has set it: it is open.'
      : `Version ${version}, by ${by}, ${changedAt}${reason === null ? '' : `: ${reason}`}`;
  const places = overrides.map((one) => [[one.surface, one.region].filter(Boolean).join(', ') || 'everywhere', admission(one)]);
  return [
    `${capability} is ${admission(gate)}.`,
    turned,
    ...(places.length === 0 ? [] : ['', table(['where it is otherwise', 'state'], places)]),
    ...(canary === undefined ? [] : ['', `It rolls back to ${canary.roll_back_to} by itself:`, tellCanary(gate, canary)]),
  ].join('\n');
}

function admission({ state, percent: share, allow = [] }: { state: string; percent?: number | null; allow?: readonly string[] }): string {
  return [state, ...(share == null ? [] : [`${share} %`]), ...(allow.length === 0 ? [] : [`and ${allow.join(', ')}`])].join(' ');
}

function tellCanary({ evidence = {}, rolls_back_at: end }: ShownGate, canary: NonNullable<ShownGate['canary']>): string {
  const way = (name: string) => {
    const gone = evidence[name];
    return gone === undefined || end === undefined ? '–' : `${Math.round(100 * Math.max(0, gone / end))} %`;
  };
  const rows = RATES.flatMap((rate) => {
    const { low, high } = canary[rate] ?? {};
    return high === undefined ? [] : [[rate, `${low}–${high}`, way(`${rate}.above`), way(`${rate}.below`)]];
  });
  return table(['share', 'band', 'on the way above', 'on the way below'], rows);
}
