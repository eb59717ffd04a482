import type { MailQueue } from '../announcements/mail-queue.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { isMailAddress } from '../outbound/mail.ts';
import { outcomeMail } from '../reply/outcome-mail.ts';
import type { AppealLinks } from '../review/appeals/appeal-links.ts';
import { type Appeal, openAppeal } from '../review/appeals/appeal-store.ts';
import { type Notice, openBody } from '../review/notices/notice-store.ts';
import type { Queryable } from '../storage/database.ts';

interface Telling {
  readonly evidence: Pick<EvidenceStore, 'openValue'>;
  /** Null: there is no mail server. */
  readonly mail: MailQueue | null;
  readonly baseUrl: () => string;
  readonly appealLinks: Pick<AppealLinks, 'pageOf'>;
}

/**
 * Everybody who reported the same thing and left an address, in the transaction that decides: who is decided about is told. The mail names the receipt and
 * never the secret, which is not kept. Whose address cannot be read keeps nobody from being told, nor the decision from standing.
 */
export async function tellReporters(tx: Queryable, notices: readonly Notice[], { evidence, mail, baseUrl }: Telling): Promise<void> {
  if (mail === null) return;
  for (const notice of notices) {
    const to = (await openBody(notice, evidence).catch(() => null))?.email ?? null;
    if (to === null || notice.outcome === null || !isMailAddress(to)) continue;
    await mail.queue(tx, { to, ...reporterMail({ ...notice, outcome: notice.outcome }, baseUrl()) });
  }
}

/** What a reporter is written. */
export function reporterMail({ language, receipt: number, outcome }: Told, baseUrl: string) {
  return outcomeMail({ language, about: 'notice', outcome, page: `${baseUrl}/report/${number}`, number });
}

type Told = Pick<Notice, 'language' | 'receipt'> & { readonly outcome: NonNullable<Notice['outcome']> };

export async function tellAppellant(tx: Queryable, appeal: Appeal, { evidence, mail, appealLinks }: Telling): Promise<void> {
  if (mail === null || appeal.state === 'open') return;
  const to = (await openAppeal(appeal, evidence).catch(() => null))?.email ?? null;
  if (to === null || !isMailAddress(to)) return;
  await mail.queue(tx, { to, ...appellantMail({ ...appeal, state: appeal.state }, appealLinks) });
}

/** What an appellant is written. */
export function appellantMail(
  { language, state: outcome, id: number, decision_id }: Pick<Appeal, 'language' | 'id' | 'decision_id'> & { readonly state: Decided },
  { pageOf }: Telling['appealLinks'],
) {
  return outcomeMail({ language, about: 'appeal', outcome, page: pageOf(decision_id), number });
}

type Decided = Exclude<Appeal['state'], 'open'>;
