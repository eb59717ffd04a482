import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { findCase } from '../../review/case-store.ts';
import { NOTICE_KINDS } from '../../review/notices/notice-kinds.ts';
import {
  findNotice,
  type ListedNotice,
  listNotices,
  NOTICE_STATES,
  type Notice,
  openBody,
  targetsOfCase,
} from '../../review/notices/notice-store.ts';
import type { NoticeBody } from '../../review/notices/notice-wish.ts';
import { maySee } from '../../review/sight.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Notices';
const params = z.object({ id: z.string().max(64) });
const query = z.object({
  status: z.enum([...NOTICE_STATES, 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().max(64).optional(),
});

const shown = z
  .object({
    object: z.literal('notice'),
    id: z.string(),
    case_id: z.string(),
    receipt: z.string(),
    kind: z.enum(NOTICE_KINDS),
    lane: z.enum(['public', 'trusted']),
    status: z.enum(NOTICE_STATES),
    outcome: z.enum(['removed', 'listed', 'kept']).nullable(),
    language: z.string(),
    opened_at: timeAnswer,
    due_at: timeAnswer.nullable(),
    duplicates: z.number(),
    summary: z.string(),
  })
  .meta({ id: 'Notice' });
const content = z
  .object({
    object: z.literal('notice_content'),
    id: z.string(),
    case_id: z.string(),
    kind: z.enum(NOTICE_KINDS),
    lane: z.enum(['public', 'trusted']),
    flagger_id: z.string().nullable(),
    region: z.string().nullable(),
    language: z.string(),
    description: z.string().nullable().describe('Null: it was deleted.'),
    urls: z.array(z.string()),
    relation: z.string().nullable(),
    has_picture: z.boolean(),
    reporter: z
      .object({ name: z.string().nullish(), email: z.string().nullish(), signature: z.string().nullish() })
      .nullable()
      .describe('For who may read names.'),
    artifact_ids: z.array(z.string()),
  })
  .meta({ id: 'NoticeContent' });

/** Reports as staff see them. They are decided like any case. */
export function noticeDeskRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, journal, evidence } = parts;
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/notices',
      tag,
      summary: 'Reports, newest first, for staff',
      query,
      onRequest: permitted(authenticate, 'notices.read'),
      answer: pageOf(shown),
      handler: async ({ query: { status, limit, after } }, request) => {
        const restricted = rolesAllow(staffOf(request).roles, 'cases.restricted');
        const data = await listNotices(db, { states: status === 'all' ? NOTICE_STATES : [status], limit, after, restricted });
        return { object: 'list' as const, data: data.map(show), next: data.length === limit ? (data.at(-1)?.id ?? null) : null };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/notices/:id/content',
      tag,
      summary: 'What a reporter wrote, for staff. Each look is in the ledger; name and address only with "people.names"',
      params,
      onRequest: permitted(authenticate, 'notices.read'),
      answer: content,
      handler: async ({ params: { id } }, request) => {
        const found = isId('ntc', id) ? await findNotice(db, id) : null;
        const about = found === null ? null : await findCase(db, found.case_id);
        const staff = staffOf(request);
        if (found === null || about === null || !maySee(staff, about, parts.review.queues)) throw new ImprimaturError('NOT_FOUND');
        const hasNames = rolesAllow(staff.roles, 'people.names');
        await journal.record({}, [{ kind: 'notice.read', notice: found.id, names: hasNames, by: `operator:${staff.id}` }]);
        const [body, artifacts] = await Promise.all([openBody(found, evidence), targetsOfCase(db, found.case_id)]);
        return { ...showContent(found, body, hasNames), artifact_ids: artifacts };
      },
    });
  };
}

function showContent(found: Notice, body: NoticeBody | null, hasNames: boolean) {
  const { id, case_id, kind, lane, flagger_id, region, language, picture_blob } = found;
  return {
    object: 'notice_content' as const,
    id,
    case_id,
    kind,
    lane,
    flagger_id,
    region,
    language,
    description: body?.description ?? null,
    urls: body?.urls ?? [],
    relation: body?.relation ?? null,
    has_picture: picture_blob !== null,
    reporter: hasNames && body !== null ? { name: body.name, email: body.email, signature: body.signature } : null,
  };
}

/** As the console reads every list of cases; nothing that a person wrote. */
function show({ id, case_id, receipt, kind, lane, state, outcome, language, received_at, due_at, duplicates }: ListedNotice) {
  return {
    object: 'notice' as const,
    id,
    case_id,
    receipt,
    kind,
    lane,
    status: state,
    outcome,
    language,
    opened_at: received_at.toISOString(),
    due_at: due_at?.toISOString() ?? null,
    duplicates,
    summary: kind.replaceAll('_', ' '),
  };
}
