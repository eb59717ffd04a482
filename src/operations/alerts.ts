import { z } from 'zod';
import { newId } from '../contracts/ids.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { type FiringAlert, firingAlerts } from './burn.ts';
import type { SloCounts } from './counts.ts';

/** How somebody is told: in the transaction that writes the alarm down. */
export type TellAlert = (
  tx: Queryable,
  alert: { readonly key: string; readonly severity: 'page' | 'ticket'; readonly title: string; readonly text: string },
) => Promise<void>;

const openRow = z.object({ slo: z.string(), severity: z.enum(['page', 'ticket']) });

/** Writes down which alarms began and ended. Whoever writes first tells; other processes find it written. */
export async function settleAlerts(db: Database, counts: SloCounts, tell: TellAlert): Promise<void> {
  const firing = firingAlerts(counts);
  await db.transaction(async (tx) => {
    const { rows } = await tx.query({ text: 'select slo, severity from operation_alerts where ended_at is null' });
    const open = rows.map((row) => openRow.parse(row));
    for (const { slo, severity } of open) {
      if (firing.some((one) => one.slo.id === slo && one.severity === severity)) continue;
      await tx.query({
        text: 'update operation_alerts set ended_at = clock_timestamp() where slo = $1 and severity = $2 and ended_at is null',
        values: [slo, severity],
      });
    }
    for (const alert of firing) await begin(tx, alert, tell);
  });
}

async function begin(tx: Queryable, { slo, severity, states }: FiringAlert, tell: TellAlert): Promise<void> {
  const burn = states.map(({ long, short, factor, rate, shortRate }) => ({ long, short, factor, rate, short_rate: shortRate }));
  const { rowCount } = await tx.query({
    text: 'insert into operation_alerts (id, slo, severity, burn) values ($1, $2, $3, $4::jsonb) on conflict do nothing',
    values: [newId('alert'), slo.id, severity, JSON.stringify(burn)],
  });
  if (rowCount === 0) return;
  const fastest = Math.max(...states.map(({ rate }) => rate ?? 0));
  await tell(tx, {
    key: `slo:${slo.id}:${severity}`,
    severity,
    title: `${slo.name} is missing its objective`,
    text: `${slo.name}, ${slo.promise}: the error budget burns ${fastest.toFixed(1)} times as fast as it may. See the operations board.`,
  });
}
