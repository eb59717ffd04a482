import type { MailQueue } from '../announcements/mail-queue.ts';
import { promptFindings } from '../generations/stored-decisions.ts';
import type { HttpParts, Voices } from '../http/parts.ts';
import type { Toolbox } from '../pipeline.ts';
import { createAppealLinks } from '../review/appeals/appeal-links.ts';
import type { Appeal } from '../review/appeals/appeal-store.ts';
import type { Notice } from '../review/notices/notice-store.ts';
import type { StayDown } from '../review/notices/stay-down.ts';
import { SHIPPED_QUEUES } from '../review/queues.ts';
import { settleAppeal } from '../settle/settle-appeal.ts';
import { settleCampaign } from '../settle/settle-campaign.ts';
import type { OtherEffect } from '../settle/settle-decision.ts';
import { settleNotice } from '../settle/settle-notice.ts';
import { tellAppellant, tellReporters } from '../settle/tell-outcomes.ts';
import type { Queryable } from '../storage/database.ts';

interface VoiceParts extends Pick<HttpParts, 'db' | 'store' | 'conductor' | 'findCandidates' | 'recovery' | 'baseUrl'> {
  /** Signs the links of decisions. */
  readonly secret: Uint8Array;
  readonly stayDown: StayDown;
  /** Null: there is no mail server, and people look at their page. */
  readonly mail: MailQueue | null;
}

interface OpenedVoices {
  readonly voices: Voices;
  /** What follows from decisions on appeals, notices and campaigns. */
  readonly effects: { readonly appeal: OtherEffect; readonly notice: OtherEffect; readonly campaign: OtherEffect };
}

/** Appeals and notices: what their routes stand on, what follows from their decisions, and whom the outcome is told. */
export function openVoices(toolbox: Toolbox, parts: VoiceParts): OpenedVoices {
  const { db, store, conductor, secret, stayDown, recovery, findCandidates, mail, baseUrl } = parts;
  const appealLinks = createAppealLinks({ secret, baseUrl });
  const { journal, policy, instanceId, readership, evidence, toRaster, queues = SHIPPED_QUEUES } = toolbox;
  const filing = { db, journal, evidence, queues };
  const telling = { evidence, mail, baseUrl, appealLinks };
  const appealGround = {
    db,
    journal,
    review: { policy, instanceId, ...(readership === undefined ? {} : { readership }) },
    reopen: { store, evidence, toRaster, promptFindings: (id: `gen_${string}`) => promptFindings(db, id) },
    publish: toolbox,
    conductor,
    answered: (tx: Queryable, appeal: Appeal) => tellAppellant(tx, appeal, telling),
  };
  const noticeGround = {
    db,
    journal,
    store,
    policy,
    stayDown,
    answered: (tx: Queryable, notices: readonly Notice[]) => tellReporters(tx, notices, telling),
  };
  return {
    voices: {
      appealLinks,
      appeals: filing,
      notices: filing,
      looking: { store, repository: recovery.repository, readPixels: recovery.readPixels, findCandidates },
    },
    effects: {
      appeal: (found, made) => settleAppeal(found, made, appealGround),
      notice: (found, made) => settleNotice(found, made, noticeGround),
      campaign: (found, made) => settleCampaign(found, made, { db, journal, policy }),
    },
  };
}
