import { z } from 'zod';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { CaseId, Id } from '../contracts/ids.ts';
import { nextRegistryVersion, registryVersion } from '../registries/registry-version.ts';
import type { Queryable } from '../storage/database.ts';
import type { DecidedWords } from './behavior.ts';
import { CAMPAIGN_KINDS, type CampaignKind, type Marks } from './mark-store.ts';

export type CampaignId = Id<'camp'>;
/** `stopped`: its words are held wherever they come, and its members were acted on as decided. `cleared`: a person said that it is none. */
export const CAMPAIGN_STATES = ['open', 'stopped', 'cleared'] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

const campaignRow = z.object({
  id: z.templateLiteral(['camp_', z.string()]),
  kind: z.enum(CAMPAIGN_KINDS),
  state: z.enum(CAMPAIGN_STATES),
  case_id: z.templateLiteral(['case_', z.string()]),
  marks: z.array(z.coerce.number()),
  refusals: z.number(),
  categories: z.array(z.enum(CATEGORIES)),
  generations: z.array(z.templateLiteral(['gen_', z.string()])),
  opened_at: z.date(),
  seen_at: z.date(),
  user_action: z.string().nullable(),
  decided_by: z.string().nullable(),
  decided_at: z.date().nullable(),
  accounts: z.coerce.number(),
  applications: z.array(z.string()),
});
/** A campaign as it stands in the database. */
export type StoredCampaign = z.output<typeof campaignRow>;

const COLUMNS = `b.id, b.kind, b.state, b.case_id, b.marks, b.refusals, b.categories, b.generations, b.opened_at, b.seen_at, b.user_action, b.decided_by, b.decided_at,
  (select count(*) from behavior_campaign_members m where m.campaign_id = b.id) as accounts,
  array(select distinct application from behavior_campaign_members m where m.campaign_id = b.id order by 1) as applications`;

/** Marks of one campaign; a template that grows on and on is told by its first ones. */
const MOST_MARKS = 512;
/** Requests that are named beside it. */
const MOST_GENERATIONS = 200;

/** What is found of a campaign, to be written down. */
export interface CampaignFinding {
  readonly kind: CampaignKind;
  readonly marks: readonly number[];
  readonly categories: readonly Category[];
  /** Newest first. */
  readonly requests: readonly Marks[];
}

/** Those of this kind that share marks with what was found, whatever was decided about them; the most alike first. */
export async function campaignsSharing(tx: Queryable, kind: CampaignKind, marks: readonly number[]) {
  const { rows } = await tx.query({
    text: `select ${COLUMNS} from behavior_campaigns b where b.kind = $1 and b.marks && $2::bigint[]
           order by cardinality(array(select unnest(b.marks) intersect select unnest($2::bigint[]))) desc, b.id limit 20`,
    values: [kind, marks],
  });
  return rows.map((one) => campaignRow.parse(one));
}

/** The caller has opened the case in the same transaction. */
export async function insertCampaign(tx: Queryable, id: CampaignId, caseId: CaseId, found: CampaignFinding): Promise<void> {
  await tx.query({
    text: `insert into behavior_campaigns (id, kind, state, case_id, marks, refusals, categories, generations, seen_at)
           values ($1, $2, 'open', $3, $4, $5, $6, $7, clock_timestamp())`,
    values: [
      id,
      found.kind,
      caseId,
      found.marks.slice(0, MOST_MARKS),
      found.requests.length,
      [...found.categories],
      generationsOf(found).slice(0, MOST_GENERATIONS),
    ],
  });
  await writeMembers(tx, id, found);
}

/** More of the same: what it has in marks, members and requests grows. */
export async function growCampaign(tx: Queryable, { id, state }: Pick<StoredCampaign, 'id' | 'state'>, found: CampaignFinding) {
  await tx.query({
    text: `update behavior_campaigns set seen_at = clock_timestamp(), refusals = greatest(refusals, $2),
             marks = case when kind = 'pictures' then marks else (array(select distinct m from unnest(marks || $3::bigint[]) m))[1:$4] end,
             categories = array(select distinct c from unnest(categories || $5::text[]) c order by 1),
             generations = (array(select distinct g from unnest(generations || $6::text[]) g order by g desc))[1:$7]
           where id = $1`,
    values: [id, found.requests.length, [...found.marks], MOST_MARKS, [...found.categories], generationsOf(found), MOST_GENERATIONS],
  });
  await writeMembers(tx, id, found);
  if (state !== 'open') await nextRegistryVersion(tx, 'campaigns');
}

async function writeMembers(tx: Queryable, id: CampaignId, { requests }: CampaignFinding): Promise<void> {
  await tx.query({
    text: `insert into behavior_campaign_members as m (campaign_id, application, user_digest, refusals, first_at, last_at, generation_id)
           select $1, application, "userDigest", count(*), min(at), max(at), max(generation)
           from jsonb_to_recordset($2::jsonb) as n (application text, "userDigest" text, at timestamptz, generation text) group by application, "userDigest"
           on conflict (campaign_id, application, user_digest) do update set refusals = greatest(m.refusals, excluded.refusals),
             first_at = least(m.first_at, excluded.first_at), last_at = greatest(m.last_at, excluded.last_at),
             generation_id = greatest(m.generation_id, excluded.generation_id)`,
    values: [
      id,
      JSON.stringify(
        requests.map(({ application, userDigest, atMs, generationId: generation }) => ({
          ...{ application, userDigest, generation },
          at: new Date(atMs).toISOString(),
        })),
      ),
    ],
  });
}

function generationsOf({ requests }: CampaignFinding): string[] {
  return [...new Set(requests.map(({ generationId }) => generationId))];
}

interface CampaignFilter {
  /** Null: whatever its state. */
  readonly state: CampaignState | null;
  /** Those of suspected child abuse material, too. */
  readonly withRestricted: boolean;
  readonly limit: number;
}

/** Seen last first. */
export async function listCampaigns(db: Queryable, { state, withRestricted, limit }: CampaignFilter): Promise<readonly StoredCampaign[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from behavior_campaigns b join cases c on c.id = b.case_id
           where ($1::text is null or b.state = $1) and ($2 or not c.restricted) order by b.seen_at desc, b.id limit $3`,
    values: [state, withRestricted, limit],
  });
  return rows.map((one) => campaignRow.parse(one));
}

/** By its own id or by that of its case; null when there is none. */
export async function findCampaign(
  db: Queryable,
  by: { readonly id: string } | { readonly caseId: string },
): Promise<StoredCampaign | null> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from behavior_campaigns b where ${'id' in by ? 'b.id' : 'b.case_id'} = $1`,
    values: ['id' in by ? by.id : by.caseId],
  });
  return rows[0] === undefined ? null : campaignRow.parse(rows[0]);
}

const memberRow = z.object({
  application: z.string(),
  user_digest: z.string(),
  refusals: z.number(),
  first_at: z.date(),
  last_at: z.date(),
  /** Their last one that belongs to it. */
  generation_id: z.string(),
});
export type CampaignMember = z.output<typeof memberRow>;

/** Who was refused most first. */
export async function membersOf(db: Queryable, id: CampaignId, limit: number): Promise<readonly CampaignMember[]> {
  const { rows } = await db.query({
    text: `select application, user_digest, refusals, first_at, last_at, generation_id from behavior_campaign_members where campaign_id = $1
           order by refusals desc, application, user_digest limit $2`,
    values: [id, limit],
  });
  return rows.map((one) => memberRow.parse(one));
}

interface CampaignDecision {
  readonly state: CampaignState;
  readonly userAction: string | null;
  readonly by: string;
}

/** False when it stood so already. Every process knows within two seconds. */
export async function decideCampaign(tx: Queryable, id: CampaignId, { state, userAction, by }: CampaignDecision): Promise<boolean> {
  await nextRegistryVersion(tx, 'campaigns');
  const { rowCount } = await tx.query({
    text: `update behavior_campaigns set state = $2, user_action = $3, decided_by = $4, decided_at = clock_timestamp()
           where id = $1 and (state, user_action) is distinct from ($2, $3::text)`,
    values: [id, state, userAction, by],
  });
  return rowCount === 1;
}

const decidedRow = z.object({ state: z.enum(CAMPAIGN_STATES), marks: z.array(z.coerce.number()) });
/** Campaigns whose words are remembered by every process, the newest; 50,000 words at most. */
const MOST_DECIDED = 2_000;
const MOST_WORDS = 50_000;

/** What people decided, read again whenever it changed. */
export function createDecidedWords(db: Queryable): () => Promise<DecidedWords | null> {
  let known = -1;
  return async () => {
    const version = await registryVersion(db, 'campaigns');
    if (version === known) return null;
    const { rows } = await db.query({
      text: `select state, marks from behavior_campaigns where state <> 'open' and kind = 'words' order by decided_at desc limit ${MOST_DECIDED}`,
    });
    const found = rows.map((one) => decidedRow.parse(one));
    const stopped = wordsIn(found, 'stopped');
    const cleared = new Set([...wordsIn(found, 'cleared')].filter((mark) => !stopped.has(mark)));
    known = version;
    return { stopped, cleared };
  };
}

function wordsIn(campaigns: readonly z.output<typeof decidedRow>[], state: CampaignState): ReadonlySet<number> {
  return new Set(campaigns.flatMap((one) => (one.state === state ? one.marks : [])).slice(0, MOST_WORDS));
}
