import { type CampaignState, decideCampaign, findCampaign, membersOf, type StoredCampaign } from '../behavior/campaign-store.ts';
import type { OtherCase } from '../review/case-store.ts';
import type { CaseDecision } from '../review/decision-store.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { type ActOnUserParts, actOnUser, liftOfCase } from './act-on-user.ts';

export interface SettleCampaignParts extends ActOnUserParts {
  readonly db: Database;
}

/** A campaign of more is stopped by its words; that many are acted on, those who were refused most first. */
const MOST_MEMBERS = 2_000;

const STATES: ReadonlyMap<string, CampaignState> = new Map([
  ['block', 'stopped'],
  ['release', 'cleared'],
]);

/**
 * What follows from a decision on a campaign, in one transaction with the ledger: blocked, its words are known as stopped wherever they come from then on, and every
 * member is acted on as the decision says, with a statement of reasons each; released, it counts for nothing any more and never opens again, and what was
 * done to members is lifted. Run again after a failure, it does it once.
 */
export async function settleCampaign(found: OtherCase, made: CaseDecision, parts: SettleCampaignParts): Promise<void> {
  const state = STATES.get(made.decision);
  if (state === undefined) return;
  await parts.db.transaction(async (tx) => {
    const campaign = await findCampaign(tx, { caseId: found.id });
    if (campaign === null || !(await decideCampaign(tx, campaign.id, { state, userAction: made.user_action, by: made.by }))) return;
    const lifted = await liftOfCase(tx, found.id, { by: made.by, reason: `campaign:${state}` }, parts.journal);
    const members = await actOnMembers(tx, campaign, made, parts);
    const by = made.by === 'timer' ? 'timer' : `operator:${made.by}`;
    const entry = { kind: `campaign.${state}`, campaign: campaign.id, case: found.id, by, lifted, members };
    await parts.journal.recordIn(tx, {}, [made.user_action === null ? entry : { ...entry, user_action: made.user_action }]);
  });
}

/** @returns how many were acted on */
async function actOnMembers(tx: Queryable, campaign: StoredCampaign, made: CaseDecision, parts: SettleCampaignParts): Promise<number> {
  const { user_action: action, user_action_days: days, reasons, by } = made;
  if (action === null) return 0;
  const stage = campaign.kind === 'words' ? 'prompt' : 'output';
  const because = { caseId: campaign.case_id, caseDecisionId: made.id, categories: campaign.categories, reasons, by };
  let acted = 0;
  for (const { application, user_digest: userDigest, generation_id: generationId, last_at } of await membersOf(
    tx,
    campaign.id,
    MOST_MEMBERS,
  )) {
    const about = { generationId, madeOn: last_at, stage } as const;
    if ((await actOnUser(tx, { application, userDigest, action, days, about, ...because }, parts)) !== null) acted++;
  }
  return acted;
}
