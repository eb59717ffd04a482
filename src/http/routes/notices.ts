import { createHash } from 'node:crypto';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { preferredLanguage } from '../../reply/sentences/public-sentence.ts';
import { fileNotice } from '../../review/notices/file-notice.ts';
import { findReported } from '../../review/notices/find-reported.ts';
import { type Notice, noticeByReceipt } from '../../review/notices/notice-store.ts';
import { noticeWish } from '../../review/notices/notice-wish.ts';
import { isSecret, readReceipt } from '../../review/notices/receipt.ts';
import { withdrawNotice } from '../../review/notices/withdraw-notice.ts';
import type { Authenticate } from '../authenticate.ts';
import { countReported } from '../count-reported.ts';
import { createNoticeDoor } from '../notice-door.ts';
import type { HttpParts } from '../parts.ts';
import { createRateBound } from '../rate-bound.ts';
import { type ReadNotice, readNotice } from '../read-notice.ts';
import { fileField, route } from '../route.ts';
import type { Strangers } from '../strangers.ts';

const tag = 'Notices';
const params = z.object({ receipt: z.string().max(64) });
const secretBody = z.strictObject({ secret: z.string().max(64) });
const consumes = {
  body: noticeWish.and(z.object({ file: fileField.optional() })),
  types: ['application/json', 'multipart/form-data'],
} as const;

const LOOKS = { perSecond: 1, burst: 60 } as const;

/** Reports of anybody about pictures (DSA, article 16), without an account. */
export function noticesRoutes(parts: HttpParts, authenticate: Authenticate, strangers: Strangers): FastifyPluginAsync {
  const { voices, config, evidence } = parts;
  const door = createNoticeDoor(parts.db, authenticate);

  async function file({ wish, picture }: ReadNotice, request: FastifyRequest) {
    const flagger = door.flaggerOf(request);
    const found = await strangers.takeTurn(() => findReported(wish, picture, voices.looking));
    const language = wish.language ?? preferredLanguage(request.headers['accept-language']);
    const kept = picture === null ? null : await keep(picture);
    const filed = await fileNotice({ wish, language, ...found, picture: kept, flagger }, voices.notices);
    // Many reports of one picture are one reason to doubt.
    if (!filed.joined) void countReported(found.reported, parts);
    return filed;
  }

  async function keep(bytes: Uint8Array) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { blob } = await evidence.seal({ id: `reported/${sha256}`, kind: 'reported_picture', bytes });
    return { blob, sha256 };
  }

  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/notices',
      tag,
      summary: 'Report a picture. The answer has a receipt and, once, the secret that opens its page',
      consumes,
      isPublic: true,
      onRequest: [door.bound, strangers.boundInFlight],
      handler: async (_input, request, reply) => {
        const { notice, secret } = await file(await readNotice(request, config.values.maxUploadBytes), request);
        const status_url = `${parts.baseUrl()}/report/${notice.receipt}`;
        if (request.isMultipart() && wantsPage(request)) return reply.redirect(`${status_url}#${secret}`, 303);
        return reply.code(201).send({ ...(await show(notice, parts)), secret, status_url });
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/notices/:receipt',
      tag,
      summary: 'How a report stands; the secret goes into the header "imprimatur-secret"',
      params,
      isPublic: true,
      onRequest: createRateBound(LOOKS),
      handler: async ({ params: { receipt } }, request, reply) => {
        reply.header('cache-control', 'no-store');
        return show(await openedBy(receipt, String(request.headers['imprimatur-secret'] ?? ''), parts), parts);
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/notices/:receipt/withdrawal',
      tag,
      summary: 'Take a report back: what you wrote, who you are, hashes and picture are deleted',
      params,
      body: secretBody,
      isPublic: true,
      onRequest: createRateBound(LOOKS),
      handler: async ({ params: { receipt }, body: { secret } }) => {
        await withdrawNotice(await openedBy(receipt, secret, parts), { ...voices.notices, evidence });
        return show(await openedBy(receipt, secret, parts), parts);
      },
    });
  };
}

const wantsPage = ({ headers }: FastifyRequest) => /\btext\/html\b/.test(headers.accept ?? '');

/** @throws ImprimaturError NOT_FOUND, for a wrong secret too */
async function openedBy(text: string, secret: string, { db }: HttpParts): Promise<Notice> {
  const receipt = readReceipt(text);
  const found = receipt === null ? null : await noticeByReceipt(db, receipt);
  if (found === null || !isSecret(secret, found.secret_hash)) throw new ImprimaturError('NOT_FOUND');
  return found;
}

/** What the reporter may know: never who else reported, who decides, or whose picture it is. */
async function show(notice: Notice, { db }: HttpParts) {
  const { receipt, kind, state, outcome, language, received_at, decided_at } = notice;
  const { rows } = await db.query<{ first_due_at: Date | null }>({
    text: 'select first_due_at from cases where id = $1',
    values: [notice.case_id],
  });
  const due = state === 'open' ? (rows[0]?.first_due_at ?? null) : null;
  return {
    object: 'notice' as const,
    receipt,
    kind,
    status: state,
    outcome,
    language,
    received_at: received_at.toISOString(),
    due_at: due?.toISOString() ?? null,
    decided_at: decided_at?.toISOString() ?? null,
  };
}
