import { createHmac, randomBytes } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';

const PREFIX = 'whsec_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** A secret of 32 random bytes in the form of Standard Webhooks: `whsec_` and base64. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(32).toString('base64')}`;
}

/**
 * The key in a secret of 24 to 64 bytes; with or without its prefix.
 * @throws ImprimaturError REQUEST_INVALID for a text that is none, which is not repeated
 */
export function webhookKey(secret: string): Buffer {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  const key = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || key.length < MIN_BYTES || key.length > MAX_BYTES) {
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'A webhook secret is "whsec_" and 24 to 64 bytes in base64.', param: 'secret' });
  }
  return key;
}

interface Message {
  /** The event's id, the same at each attempt: by it a receiver knows a repetition. */
  readonly id: string;
  /** Of this attempt. Receivers refuse what is older than a few minutes. */
  readonly at: Date;
  readonly body: string;
}

/**
 * The three headers of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, once for each secret that is in force, so that one can be exchanged
 * for another without a gap.
 */
export function webhookHeaders({ id, at, body }: Message, secrets: readonly string[]) {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', webhookKey(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${mac}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
