import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { CAMPAIGN_STATES, findCampaign, listCampaigns, membersOf, type StoredCampaign } from '../../behavior/campaign-store.ts';
import { listSuspects } from '../../behavior/list-suspects.ts';
import { CAMPAIGN_KINDS } from '../../behavior/mark-store.ts';
import { sharedPhrases } from '../../behavior/shared-phrases.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { GenerationId } from '../../contracts/ids.ts';
import { openRequest } from '../../generations/open-submission.ts';
import { wordsOf } from '../../prompts/reading/normalize.ts';
import { recordLook } from '../../review/looks.ts';
import { caseFor, isHidden, type Staff } from '../../review/sight.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Behavior';
const limit = z.coerce.number().int().min(1).max(200).default(50);
const params = z.object({ id: z.string().regex(/^camp_[0-9a-z]{26}$/) });
const MOST_MEMBERS = 200;
/** Of the prompts of a campaign so many are opened: enough to see what they share. */
const MOST_PROMPTS = 5;

const campaign = z
  .object({
    object: z.literal('campaign'),
    id: z.string(),
    kind: z.enum(CAMPAIGN_KINDS).describe('words: refused with the same words. pictures: made pictures that look alike.'),
    state: z.enum(CAMPAIGN_STATES),
    case_id: z.string(),
    opened_at: z.string(),
    seen_at: z.string(),
    accounts: z.number(),
    refusals: z.number().describe('Requests that belong to it.'),
    shared: z.number().describe('Triples of words, or pieces of the hash of a picture, by which it is known.'),
    applications: z.array(z.string()),
    categories: z.array(z.string()),
    decided: z.object({ by: z.string(), at: z.string(), user_action: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'Campaign' });
const listOf = <Item extends z.ZodType>(item: Item) => z.object({ object: z.literal('list'), data: z.array(item), next: z.null() });

const oneCampaign = campaign.extend({
  members: z.array(
    z.object({ application: z.string(), user: z.string(), refusals: z.number(), first_at: z.string(), last_at: z.string() }),
  ),
  generations: z.array(z.string()),
});

const words = z.object({
  object: z.literal('campaign_words'),
  phrases: z.array(z.string()),
  prompts: z.array(z.object({ generation_id: z.string(), text: z.string() })),
});

const suspect = z
  .object({
    object: z.literal('suspect'),
    user: z.string().nullable().describe('Digest; null where only a device is known, or what was refused is older than two weeks.'),
    application: z.string().nullable(),
    probing: z.number(),
    refused: z.number(),
    mutations_refused: z.number(),
    mutations_passed: z.number(),
    shared: z.number(),
    seen_at: z.string(),
    last_refused: z.boolean(),
  })
  .meta({ id: 'Suspect' });

/** What accounts do together, and who is suspected of what. Words are shown to who may decide cases, and each time is on record. */
export function behaviorRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db } = parts;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/behavior/campaigns',
      tag,
      onRequest: permitted(authenticate, 'cases.read'),
      summary: 'Campaigns: accounts that were refused with the same words, or make pictures that look alike; each is one case',
      query: z.object({ state: z.enum([...CAMPAIGN_STATES, 'all']).default('open'), limit }),
      answer: listOf(campaign),
      handler: async ({ query }, request) => {
        const withRestricted = rolesAllow(staffOf(request).roles, 'cases.restricted');
        const found = await listCampaigns(db, { state: query.state === 'all' ? null : query.state, withRestricted, limit: query.limit });
        return { object: 'list' as const, data: found.map(show), next: null };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/behavior/campaigns/:id',
      tag,
      onRequest: permitted(authenticate, 'cases.read'),
      summary: 'One campaign with its members, as digests, and its requests; no words',
      params,
      answer: oneCampaign,
      handler: async ({ params: { id } }, request) => {
        const found = await campaignFor(id, staffOf(request), parts);
        const members = await membersOf(db, found.id, MOST_MEMBERS);
        return { ...show(found), members: members.map(showMember), generations: found.generations };
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/behavior/campaigns/:id/words',
      tag,
      onRequest: permitted(authenticate, 'cases.decide'),
      summary: 'What its prompts share, from sealed evidence; it stands in the ledger that somebody looked',
      params,
      body: z.object({}).nullish(),
      answer: words,
      handler: ({ params: { id } }, request) => showWords(id, staffOf(request), parts),
    });
    route(app, {
      method: 'GET',
      url: '/v1/behavior/suspects',
      tag,
      onRequest: permitted(authenticate, 'search.read'),
      summary: 'Accounts and devices with most against them in the last two weeks, as digests',
      query: z.object({ limit }),
      answer: listOf(suspect),
      handler: async ({ query }) => {
        const found = await listSuspects(db, query.limit);
        const data = found.map(({ seenAt, ...one }) => ({ object: 'suspect' as const, ...one, seen_at: seenAt.toISOString() }));
        return { object: 'list' as const, data, next: null };
      },
    });
  };
}

/** @throws ImprimaturError NOT_FOUND, also for who may not know of its case */
async function campaignFor(id: string, staff: Staff, { db, desk }: HttpParts): Promise<StoredCampaign> {
  const found = await findCampaign(db, { id });
  if (found === null) throw new ImprimaturError('NOT_FOUND');
  await caseFor(db, found.case_id, staff, desk.queues);
  return found;
}

/** On record before anything is opened. */
async function showWords(id: string, staff: Staff, parts: HttpParts) {
  const { db, journal } = parts;
  const found = await campaignFor(id, staff, parts);
  await recordLook(db, { by: staff.id, what: 'dossier', caseId: found.case_id, target: found.id });
  await journal.record({}, [{ kind: 'campaign.words_shown', campaign: found.id, by: `operator:${staff.id}` }]);
  const newest = found.generations.toSorted().toReversed().slice(0, MOST_PROMPTS);
  const prompts = (await Promise.all(newest.map((one) => promptOf(one, staff, parts)))).flat();
  if (prompts.length === 0) throw new ImprimaturError('NOT_FOUND', { hint: 'Nothing of its prompts is kept any more.' });
  return { object: 'campaign_words' as const, phrases: sharedPhrases(prompts.map(({ text }) => wordsOf(text))), prompts };
}

async function promptOf(generationId: GenerationId, staff: Staff, { db, store, evidence }: HttpParts) {
  const generation = await store.find(generationId);
  if (generation === null || (await isHidden(db, generationId, staff))) return [];
  const opened = await openRequest(generation, evidence).catch(() => null);
  return opened === null || opened.request.prompt === '' ? [] : [{ generation_id: generationId, text: opened.request.prompt }];
}

function show({ id, kind, state, case_id, marks, accounts, refusals, applications, categories, ...found }: StoredCampaign) {
  const { decided_by: by, decided_at: at, user_action } = found;
  return {
    object: 'campaign' as const,
    id,
    kind,
    state,
    case_id,
    opened_at: found.opened_at.toISOString(),
    seen_at: found.seen_at.toISOString(),
    accounts,
    refusals,
    shared: marks.length,
    applications,
    categories,
    decided: by === null || at === null ? null : { by, at: at.toISOString(), user_action },
  };
}

function showMember({ application, user_digest: user, refusals, first_at, last_at }: Awaited<ReturnType<typeof membersOf>>[number]) {
  return { application, user, refusals, first_at: first_at.toISOString(), last_at: last_at.toISOString() };
}
