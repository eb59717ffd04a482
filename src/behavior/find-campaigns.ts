import { z } from 'zod';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import { type CaseId, newId } from '../contracts/ids.ts';
import { bandsOf } from '../registries/pdq/pdq-bands.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { Behavior } from './behavior.ts';
import { type CampaignFinding, type CampaignId, campaignsSharing, growCampaign, insertCampaign } from './campaign-store.ts';
import { campaignsOf, SHARED_TRIPLES } from './campaigns.ts';
import { type CampaignKind, type Marks, marksOf } from './mark-store.ts';

export interface FindCampaignsParts {
  readonly db: Database;
  readonly behavior: Pick<Behavior, 'templates' | 'lookAlikes'>;
  /** Opens the one case of a new campaign, in the same transaction. */
  readonly openCase: (tx: Queryable, campaign: NewCampaign) => Promise<CaseId>;
}

export interface NewCampaign {
  readonly id: CampaignId;
  readonly kind: CampaignKind;
  readonly categories: readonly Category[];
  /** How many requests belong to it so far. */
  readonly requests: number;
}

/** People who must have left marks that belong together; two of an account's names are one. */
const LEAST_PEOPLE = 5;
/** Campaigns looked at, and cases opened, in one turn: whoever makes very many of them does not fill the queue at once. */
const MOST_A_TURN = 50;
const MOST_REQUESTS = 5_000;
/** Templates of one turn; comparing them holds the process. */
const MOST_TEMPLATES = 5_000;
/** One process at a time; the others have seen the same. */
const TURN_LOCK = '7739836647662381429';
/** Of the bands of two hashes of one picture so many are the same; strangers share one now and then. */
const SHARED_BANDS = 2;

interface Candidate {
  readonly kind: CampaignKind;
  readonly accounts: readonly number[];
  /** Triples of words, or bands of a picture. */
  readonly marks: readonly number[];
}

/** Writes down campaigns that were at work since a time. @returns how many cases were opened; null when another process is at it */
export async function findCampaigns(since: Date, parts: FindCampaignsParts): Promise<number | null> {
  const candidates = candidatesSince(since, parts.behavior);
  if (candidates.length === 0) return 0;
  return parts.db.transaction(async (tx) => {
    const { rows } = await tx.query({ text: `select pg_try_advisory_xact_lock(${TURN_LOCK}) as mine` });
    if (rows[0]?.['mine'] !== true) return null;
    let opened = 0;
    for (const candidate of candidates) if (await writeDown(tx, candidate, parts)) opened++;
    return opened;
  });
}

function candidatesSince(since: Date, { templates, lookAlikes }: FindCampaignsParts['behavior']): readonly Candidate[] {
  const sinceMs = since.getTime();
  const lately = [...templates.templates(sinceMs)].sort((a, b) => b.seenAtMs - a.seenAtMs).slice(0, MOST_TEMPLATES);
  const words = campaignsOf(lately).map(({ accounts, triples }) => ({ kind: 'words' as const, accounts, marks: triples }));
  const pictures = [...lookAlikes.shared(sinceMs, LEAST_PEOPLE)].map(({ accounts, marks }) => ({
    kind: 'pictures' as const,
    accounts,
    marks: bandsOf(Uint32Array.from(marks)),
  }));
  return [...words, ...pictures].filter(({ accounts }) => accounts.length >= LEAST_PEOPLE).slice(0, MOST_A_TURN);
}

/** True when it was new. */
async function writeDown(tx: Queryable, { kind, accounts, marks }: Candidate, { openCase }: FindCampaignsParts): Promise<boolean> {
  const requests = belonging(kind, marks, await marksOf(tx, kind, accounts, MOST_REQUESTS));
  if (new Set(requests.map(({ application, userDigest }) => `${application}\n${userDigest}`)).size < LEAST_PEOPLE) return false;
  const least = kind === 'words' ? SHARED_TRIPLES : SHARED_BANDS;
  const own = new Set(marks);
  const known = (await campaignsSharing(tx, kind, marks)).find((one) => one.marks.filter((mark) => own.has(mark)).length >= least);
  const found: CampaignFinding = { kind, marks, requests, categories: await categoriesOf(tx, requests) };
  if (known !== undefined) {
    if (known.state !== 'cleared') await growCampaign(tx, known, found);
    return false;
  }
  const id = newId('camp');
  const caseId = await openCase(tx, { id, kind, categories: found.categories, requests: requests.length });
  await insertCampaign(tx, id, caseId, found);
  return true;
}

/** An account also asks for other things: only people with enough of the campaign's own marks are of it, by those requests. */
function belonging(kind: CampaignKind, marks: readonly number[], requests: readonly Marks[]): readonly Marks[] {
  const wanted = new Set(marks);
  const markedBy = (one: Marks) => (kind === 'words' ? one.marks : bandsOf(Uint32Array.from(one.marks))).filter((mark) => wanted.has(mark));
  const byPerson = new Map<string, Set<number>>();
  const touching = requests.flatMap((one) => {
    const shared = markedBy(one);
    if (shared.length === 0) return [];
    const person = `${one.application}\n${one.userDigest}`;
    const known = byPerson.get(person) ?? new Set();
    for (const mark of shared) known.add(mark);
    byPerson.set(person, known);
    return [{ one, person }];
  });
  const least = kind === 'words' ? Math.min(SHARED_TRIPLES, marks.length) : 1;
  return touching.filter(({ person }) => (byPerson.get(person)?.size ?? 0) >= least).map(({ one }) => one);
}

const categoriesRow = z.object({ category: z.enum(CATEGORIES) });

/** What policy named in these requests: suspected child abuse makes the whole campaign a case for cleared staff alone. */
async function categoriesOf(tx: Queryable, requests: readonly Marks[]): Promise<readonly Category[]> {
  const { rows } = await tx.query({
    text: `select category from decisions d cross join jsonb_array_elements_text(d.body -> 'categories') category where d.generation_id = any ($1::text[])
           union select unnest(categories) from cases where generation_id = any ($1::text[])`,
    values: [[...new Set(requests.slice(0, 500).map(({ generationId }) => generationId))]],
  });
  const named = new Set(rows.map((one) => categoriesRow.parse(one).category));
  return CATEGORIES.filter((category) => named.has(category));
}
