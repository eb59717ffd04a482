import { createHash, createHmac } from 'node:crypto';
import type { Headers } from '../../outbound/outcome.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

interface SignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Sent beside what is given back, and signed. Names in small letters. */
  readonly headers: Headers;
  readonly body: Uint8Array | string;
}

interface SigningScope {
  readonly region: string;
  readonly service: string;
  readonly now: Date;
}

/**
 * The headers that sign a request for AWS (Signature Version 4, "Create a signed AWS API request" in the IAM user guide). They hold for this request, at this
 * time, in this region alone.
 */
export function signV4(request: SignedRequest, credentials: AwsCredentials, { region, service, now }: SigningScope): Headers {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { host, pathname, searchParams } = new URL(request.url);
  const at = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const own = { 'x-amz-date': at, ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }) };
  const headers = Object.entries({ host, ...request.headers, ...own }).sort(([a], [b]) => compare(a, b));
  const names = headers.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    // The path as it is sent, encoded once more: every service but S3.
    pathname.split('/').map(encoded).join('/'),
    [...searchParams]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort(compare)
      .join('&'),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    sha256(request.body),
  ].join('\n');
  const scope = `${at.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = [at.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${at}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return { ...own, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}` };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

/** RFC 3986: what `encodeURIComponent` leaves as it is, and AWS does not. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
