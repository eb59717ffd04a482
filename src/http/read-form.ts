import '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import { tooLarge, type UploadedImage } from '../ingest/input-images.ts';

export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly uploads: readonly UploadedImage[];
}

/** The one file of a form. @throws ImprimaturError REQUEST_INVALID */
export function onlyFile({ uploads }: Form): Uint8Array {
  const [upload] = uploads;
  if (upload === undefined || uploads.length !== 1)
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'Send exactly one file.', param: 'file' });
  return upload.bytes;
}

/** Files that a form may carry: OpenAI's SDK sends one file as `image`, several as `image[]`. */
const ROLES: Readonly<Record<string, UploadedImage['role']>> = { image: 'image', 'image[]': 'image', file: 'image', mask: 'mask' };

/** OpenAI takes sixteen pictures and a mask. */
const MOST_FILES = 17;

/**
 * Reads a whole form before anything is judged: SDKs do not promise an order, so files may come before the prompt. All files together have no
 * more than the server's limit of a body, which the framework does not hold forms to.
 * @throws ImprimaturError REQUEST_MALFORMED, REQUEST_INVALID, REQUEST_TOO_LARGE
 */
export async function readForm(request: FastifyRequest, maxUploadBytes: number, maxFiles = MOST_FILES): Promise<Form> {
  if (!request.isMultipart()) throw new ImprimaturError('REQUEST_MALFORMED', { hint: 'Send multipart/form-data.' });
  const fields: Record<string, string> = {};
  const uploads: UploadedImage[] = [];
  let bytesLeft = request.server.initialConfig.bodyLimit ?? maxUploadBytes;
  for await (const part of request.parts({ limits: { fileSize: maxUploadBytes, files: MOST_FILES, fields: 64, fieldSize: 262_144 } })) {
    if (part.type === 'field') {
      if (part.valueTruncated)
        throw new ImprimaturError('REQUEST_TOO_LARGE', { hint: 'A field of the form is too long.', param: part.fieldname });
      fields[part.fieldname] = String(part.value);
      continue;
    }
    const role = ROLES[part.fieldname];
    if (role === undefined) throw new ImprimaturError('REQUEST_INVALID', { hint: 'This file field is not known.', param: part.fieldname });
    if (uploads.length === maxFiles)
      throw new ImprimaturError('REQUEST_INVALID', { hint: 'There are more files than are taken here.', param: part.fieldname });
    const bytes = await part.toBuffer().catch((cause: unknown) => {
      throw part.file.truncated ? tooLarge(part.fieldname, maxUploadBytes) : cause;
    });
    bytesLeft -= bytes.length;
    if (bytesLeft < 0) throw new ImprimaturError('REQUEST_TOO_LARGE', { hint: 'The files together are too large.', param: part.fieldname });
    uploads.push({ role, bytes });
  }
  return { fields, uploads };
}
