import { describe, expect, it } from 'vitest';
import { signV4 } from './sign-v4.ts';

/** The credentials and the time of AWS's own examples. */
const EXAMPLE = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = (service: string) => ({ region: 'us-east-1', service, now: new Date('2015-08-30T12:36:00Z') });
const signatureOf = (headers: Readonly<Record<string, string>>) => /Signature=(\w+)$/.exec(headers['authorization'] ?? '')?.[1];
const plain = { url: 'https://example.amazonaws.com/', headers: {}, body: '' };

describe('signing for AWS', () => {
  it.each([
    ['get-vanilla', { ...plain, method: 'GET' }, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { ...plain, method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'get-vanilla-query-order-key-case',
      { ...plain, method: 'GET', url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
  ] as const)('gives the signature of the published suite: %s', (_name, request, expected) => {
    expect(signatureOf(signV4(request, EXAMPLE, at('service')))).toBe(expected);
  });

  it('gives the signature of the worked example of the user guide', () => {
    const headers = signV4(
      {
        method: 'GET',
        url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: '',
      },
      EXAMPLE,
      at('iam'),
    );
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('signs the path, the body and a session token, too', () => {
    const request = {
      method: 'POST',
      url: 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/a.b-v1%3A0/invoke',
      headers: {},
      body: '{}',
    } as const;
    const signed = (more: object, credentials: object = {}) =>
      signatureOf(signV4({ ...request, ...more }, { ...EXAMPLE, ...credentials }, at('bedrock')));
    const all = [signed({}), signed({ body: '{ }' }), signed({ url: request.url.replace('v1', 'v2') }), signed({}, { sessionToken: 't' })];
    expect(new Set(all).size).toBe(4);
    expect(signV4(request, { ...EXAMPLE, sessionToken: 't' }, at('bedrock'))).toMatchObject({ 'x-amz-security-token': 't' });
  });
});
