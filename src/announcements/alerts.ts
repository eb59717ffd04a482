import { z } from 'zod';
import type { Queryable } from '../storage/database.ts';
import { announce } from './announce.ts';
import type { MailQueue } from './mail-queue.ts';

/** Something that somebody has to look at. */
export interface Alert {
  /** What it is about; the same key is told again an hour later at the earliest. */
  readonly key: string;
  /** `page`: now, whatever the hour. `ticket`: on the next working day. */
  readonly severity: 'page' | 'ticket';
  /** Of alerts for `child_safety` only those learn who are cleared for it: by mail, and nowhere else. */
  readonly audience?: AlertAudience;
  readonly title: string;
  /** Ids, numbers and names of things; nothing that a user wrote. */
  readonly text: string;
}
export type AlertAudience = 'operations' | 'child_safety';

/** Durable with the caller's transaction: webhook `alert.raised` and e-mail. */
export type RaiseAlert = (tx: Queryable, alert: Alert) => Promise<void>;

export interface AlertParts {
  /** Null: there is no mail server. */
  readonly mail: MailQueue | null;
  readonly to: Readonly<Record<AlertAudience, readonly string[]>>;
}

const row = z.object({ is_due: z.boolean() });

export function createAlerts({ mail, to }: AlertParts): RaiseAlert {
  return async (tx, { key, severity, audience = 'operations', title, text }) => {
    const { rows } = await tx.query({
      name: 'alert-raise',
      text: `insert into alerts (key, severity, title, raised_at, told_at) values ($1, $2, $3, now(), now())
             on conflict (key) do update set times = alerts.times + 1, severity = excluded.severity, title = excluded.title, raised_at = now(),
               told_at = case when alerts.told_at < now() - interval '1 hour' then now() else alerts.told_at end
             returning told_at = raised_at as is_due`,
      values: [key, severity, title],
    });
    if (!row.parse(rows[0]).is_due) return;
    if (audience === 'operations') await announce(tx, { type: 'alert.raised', application: null, data: { key, severity, title } });
    for (const address of to[audience]) await mail?.queue(tx, { to: address, subject: `[${severity}] ${title}`, text });
  };
}
