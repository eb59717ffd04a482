import { newId } from '../contracts/ids.ts';
import { appealOfCase } from '../review/appeals/appeal-store.ts';
import type { OtherCase } from '../review/case-store.ts';
import type { DecisionWish } from '../review/decision-wish.ts';
import { KINDS } from '../review/notices/notice-kinds.ts';
import { noticesOfCase, targetsOfCase } from '../review/notices/notice-store.ts';
import { eventReceiver, type PreviewParts, type Receiver, statementReceivers } from './receiver.ts';
import { APPEAL_OUTCOMES } from './settle-appeal.ts';
import { noticeOutcomeOf, removalReasons } from './settle-notice.ts';
import { appellantMail, reporterMail } from './tell-outcomes.ts';

/** What an appellant is written. Whether there is an address is sealed, and nobody's to know here. */
export async function previewAppeal(found: OtherCase, wish: DecisionWish, { db, pageOf }: PreviewParts): Promise<Receiver[]> {
  const appeal = await appealOfCase(db, found.id);
  const state = APPEAL_OUTCOMES[wish.decision];
  if (appeal === null || state === undefined) return [];
  const { subject, text } = appellantMail({ ...appeal, state }, { pageOf });
  return [{ to: 'appellant', title: subject, text, data: null }];
}

/** What reporters are written, and whoever made what they reported. */
export async function previewNotice(found: OtherCase, wish: DecisionWish, parts: PreviewParts): Promise<Receiver[]> {
  const { db, baseUrl, reopen, review } = parts;
  const notices = (await noticesOfCase(db, found.id)).filter(({ state }) => state === 'open');
  const [first] = notices;
  if (first === undefined) return [];
  const records = await Promise.all((await artifactsOf(found, parts)).map((id) => reopen.store.artifact(id)));
  const published = records.flatMap((one) => (one === null || one.published === null ? [] : [{ ...one, at: one.published.at }]));
  const outcome = noticeOutcomeOf(wish.decision, published.length);
  const mails = notices.map((notice): Receiver => {
    const { subject, text } = reporterMail({ ...notice, outcome }, baseUrl());
    return { to: 'reporter', title: subject, text, data: null };
  });
  if (outcome === 'kept') return mails;
  const [shown] = published;
  const now = new Date();
  const why = { id: newId('dec'), isTimer: wish.staff === null, decidedAt: now, publishedAt: shown?.at ?? now, policy: review.policy };
  const reason = KINDS[first.kind].takedownReason;
  const events = published.map(({ id, generationId }) =>
    eventReceiver(db, 'artifact.taken_down', 'imprimatur_takedown_event', [id, generationId, reason]),
  );
  return [
    ...mails,
    ...(shown === undefined ? [] : statementReceivers(removalReasons(first, why), now, undefined)),
    ...(await Promise.all(events)),
  ];
}

async function artifactsOf(found: OtherCase, { db }: PreviewParts) {
  return (await targetsOfCase(db, found.id)).flatMap((id) => (id.startsWith('art_') ? [`art_${id.slice(4)}` as const] : []));
}
