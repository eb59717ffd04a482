import { z } from 'zod';
import { newId } from '../contracts/ids.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { DONE, jobKind } from '../jobs/job-kind.ts';
import { enqueue } from '../jobs/job-store.ts';
import { checkedMail, type Mail, type Mailer } from '../outbound/mail.ts';
import type { Database, Queryable } from '../storage/database.ts';

const MAIL_QUEUE = 'mail';
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 4 * 3_600_000;
/** With these waits the last attempt is 27 hours after the first. */
const MAX_ATTEMPTS = 16;

export interface MailQueue {
  /**
   * Sent some time after the caller's transaction commits, at least once. Until then it is sealed, since an address is personal data; afterwards it is gone.
   * @throws ImprimaturError REQUEST_INVALID for an address or a subject that is none
   */
  queue(tx: Queryable, mail: Mail): Promise<void>;
}

type Seals = Pick<EvidenceStore, 'sealValue' | 'openValue'>;

const sealedRow = z.object({ sealed: z.instanceof(Uint8Array) });
const stored = z.object({ to: z.string(), subject: z.string(), text: z.string() });

export function createMailQueue(evidence: Seals): MailQueue {
  return {
    async queue(tx, mail) {
      const id = newId('mail');
      const bytes = Buffer.from(JSON.stringify(checkedMail(mail)));
      const sealed = await evidence.sealValue({ id, kind: 'mail', bytes });
      await tx.query({ text: 'insert into mails (id, sealed) values ($1, $2)', values: [id, sealed] });
      await enqueue(tx, [{ queue: MAIL_QUEUE, uniqueKey: id, payload: { mail: id } }]);
    },
  };
}

interface SendParts {
  readonly db: Database;
  readonly evidence: Seals;
  readonly mailer: Mailer;
}

/** The background process that sends what is queued. What the server refuses for good is not tried again. */
export function sendMails({ db, evidence, mailer }: SendParts) {
  return jobKind({
    queue: MAIL_QUEUE,
    payload: z.object({ mail: z.string() }),
    concurrency: 2,
    deadlineMs: 60_000,
    maxAttempts: MAX_ATTEMPTS,
    backoffMs: (attempt) => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (1 + Math.random() / 5),
    async work({ mail: id }) {
      const { rows } = await db.query({ text: 'select sealed from mails where id = $1', values: [id] });
      if (rows[0] === undefined) return async () => DONE;
      const { sealed } = sealedRow.parse(rows[0]);
      const bytes = await evidence.openValue({ id, kind: 'mail', sealed });
      const refused = await mailer.send({ id, ...stored.parse(JSON.parse(Buffer.from(bytes).toString())) });
      return async (tx) => {
        await tx.query({ text: 'delete from mails where id = $1', values: [id] });
        return refused === null ? DONE : { kind: 'dead', reason: refused };
      };
    },
  });
}
