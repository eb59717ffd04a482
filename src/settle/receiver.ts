import { z } from 'zod';
import type { AppealPlaces } from '../reply/appeal-words.ts';
import type { LinkTo } from '../reply/images-answer.ts';
import { plainStatement } from '../reply/statement-of-reasons.ts';
import { appealableUntil } from '../review/appeals/appeal-window.ts';
import { euForm } from '../review/statements/eu-form.ts';
import type { ReasonsRecord } from '../review/statements/reasons-record.ts';
import type { Queryable } from '../storage/database.ts';
import type { ReviewCaseParts } from './review-case.ts';

/** What somebody will be sent because of a decision. `data`: what their program gets. */
export interface Receiver {
  readonly to: 'user' | 'caller' | 'webhook' | 'reporter' | 'appellant' | 'database';
  readonly title: string;
  readonly text: string;
  readonly data: unknown;
}

export interface PreviewParts extends Pick<ReviewCaseParts, 'db' | 'review' | 'reopen' | 'secondReview'> {
  readonly appeal: AppealPlaces;
  readonly pageOf: (decisionId: string) => string;
  readonly linkTo: LinkTo;
  readonly baseUrl: () => string;
}

/** The statement of reasons as the user reads it, and as the EU's database takes it. Ids and times are those of now. */
export function statementReceivers(record: ReasonsRecord, decidedAt: Date, language: string | undefined): Receiver[] {
  const { title, sentences } = plainStatement(record, appealableUntil(decidedAt), language);
  return [
    { to: 'user', title, text: sentences.join(' '), data: null },
    { to: 'database', title: 'EU Transparency Database', text: '', data: euForm(record) },
  ];
}

const body = z.object({ body: z.record(z.string(), z.unknown()) });

/** What an event says, by the function that its trigger calls. */
export async function eventReceiver(
  db: Queryable,
  type: string,
  teller: 'imprimatur_generation_event' | 'imprimatur_case_event' | 'imprimatur_takedown_event',
  values: readonly (string | null)[],
): Promise<Receiver> {
  const places = values.map((_, at) => `$${at + 1}::text`).join(', ');
  const { rows } = await db.query({ name: `preview-${teller}`, text: `select ${teller}(${places}) as body`, values });
  const { body: data } = body.parse(rows[0]);
  return { to: 'webhook', title: type, text: JSON.stringify(data), data };
}
