import { randomBytes } from 'node:crypto';
import type { ParameterValue } from '../contracts/submission.ts';

/** One field of a form: text, or a file with its media type. */
export type FormPart =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly fileName: string; readonly mediaType: string; readonly bytes: Uint8Array };

/**
 * A `multipart/form-data` body (RFC 7578) in one buffer, so that it goes out with a length. The boundary is random:
 * a picture cannot contain it on purpose.
 */
export function encodeMultipart(parts: readonly FormPart[]): { readonly contentType: string; readonly body: Buffer } {
  const boundary = `imprimatur-${randomBytes(18).toString('hex')}`;
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    const isFile = 'bytes' in part;
    const disposition = `form-data; name="${quote(part.name)}"${isFile ? `; filename="${quote(part.fileName)}"` : ''}`;
    const type = isFile ? `content-type: ${part.mediaType}\r\n` : '';
    pieces.push(Buffer.from(`--${boundary}\r\ncontent-disposition: ${disposition}\r\n${type}\r\n`));
    pieces.push(isFile ? part.bytes : Buffer.from(part.text), Buffer.from('\r\n'));
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(pieces) };
}

/** Percent-encodes what would end a quoted parameter (WHATWG form encoding); names come from the caller. */
function quote(name: string): string {
  return name.replace(/[\r\n"]/g, (character) => encodeURIComponent(character));
}

/**
 * A parameter as form fields, nested as the OpenAI SDKs do it (`name[key]`, `name[]`). A form has no null: it yields
 * no field.
 */
export function formFields(name: string, value: ParameterValue): FormPart[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [{ name, text: String(value) }];
  if (isList(value)) return value.flatMap((item) => formFields(`${name}[]`, item));
  return Object.entries(value).flatMap(([key, item]) => formFields(`${name}[${key}]`, item));
}

// `Array.isArray` does not narrow a readonly array.
function isList(value: ParameterValue): value is readonly ParameterValue[] {
  return Array.isArray(value);
}
