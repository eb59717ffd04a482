import { createHmac, timingSafeEqual } from 'node:crypto';

/** As long as OpenAI's own picture links live. */
const LIFETIME_SECONDS = 3600;

/**
 * Links that carry their own permission: artifact, expiry and an HMAC over both. Whoever holds one can fetch that one
 * picture until it runs out; nobody can make one for another picture.
 */
export function createSignedLinks({ secret, baseUrl, now = Date.now }: { secret: Uint8Array; baseUrl: () => string; now?: () => number }) {
  const sign = (artifactId: string, expires: string) => createHmac('sha256', secret).update(`${artifactId}\n${expires}`).digest();
  return {
    linkTo(artifactId: string, format: string): string {
      const expires = String(Math.floor(now() / 1000) + LIFETIME_SECONDS);
      const signature = sign(artifactId, expires).toString('base64url');
      return `${baseUrl()}/v1/artifacts/${artifactId}.${format}?expires=${expires}&signature=${signature}`;
    },
    isGood(artifactId: string, expires: string, signature: string): boolean {
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(artifactId, expires);
      const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
      return isSigned && /^\d{1,12}$/.test(expires) && Number(expires) * 1000 > now();
    },
  };
}
