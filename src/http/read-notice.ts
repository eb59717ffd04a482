import type { FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import { type NoticeWish, noticeWish } from '../review/notices/notice-wish.ts';
import { readForm } from './read-form.ts';
import { validated } from './validated.ts';

/** A notice as it came in, by JSON or by a form, with the picture where somebody sent one. */
export interface ReadNotice {
  readonly wish: NoticeWish;
  readonly picture: Uint8Array | null;
}

/** @throws ImprimaturError REQUEST_INVALID that names the field, REQUEST_TOO_LARGE, REQUEST_MALFORMED */
export async function readNotice(request: FastifyRequest, maxUploadBytes: number): Promise<ReadNotice> {
  const read = request.isMultipart() ? await fromForm(request, maxUploadBytes) : { fields: request.body ?? {}, picture: null };
  const wish = validated(noticeWish, read.fields);
  const isNothing = wish.urls.length + wish.artifact_ids.length + wish.hashes.length === 0 && read.picture === null;
  if (isNothing)
    throw new ImprimaturError('REQUEST_INVALID', { param: 'urls', hint: 'Say where it is: an address, an id, a picture or its hash.' });
  return { wish, picture: read.picture };
}

async function fromForm(request: FastifyRequest, maxUploadBytes: number) {
  const { fields, uploads } = await readForm(request, maxUploadBytes, 1);
  const { urls = '', artifact_ids = '', hash = '', quality = '', good_faith, ...rest } = fields;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value.trim() !== ''));
  const pdq = listOf(hash);
  return {
    fields: {
      ...given,
      urls: listOf(urls),
      artifact_ids: listOf(artifact_ids),
      hashes: pdq.length === 0 ? [] : [{ pdq, quality: Number(quality) }],
      good_faith: good_faith === 'on' || good_faith === 'true',
    },
    // A browser sends an empty file where nobody chose one.
    picture: uploads.find(({ bytes }) => bytes.length > 0)?.bytes ?? null,
  };
}

function listOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((one) => one !== '');
}
