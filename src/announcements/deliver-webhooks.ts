import { z } from 'zod';
import { type Afterwards, DONE, jobKind } from '../jobs/job-kind.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { retryAfter } from '../outbound/retry-after.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { RaiseAlert } from './alerts.ts';
import { type Endpoint, toEndpoint } from './endpoint.ts';
import type { EndpointStoreParts } from './endpoint-store.ts';
import { webhookHeaders } from './webhook-signature.ts';

/** Its queue; migration 0012 makes the jobs. */
export const WEBHOOK_QUEUE = 'webhook';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** After each failure, as Standard Webhooks proposes: eight attempts within 27.5 hours and at most a fifth more. */
export const WAITS_MS = [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR] as const;
/** From so many failures in a row on, an endpoint is asked at growing intervals, however much waits for it. */
const TIRED_AFTER = 5;
const LONGEST_REST_MS = 15 * MINUTE;
const DEADLINE_MS = 15_000;
const READ_BYTES = 16_384;

export interface DeliverParts {
  readonly db: Database;
  readonly evidence: EndpointStoreParts['evidence'];
  readonly outbound: Outbound;
  readonly raiseAlert: RaiseAlert;
  readonly told: (outcome: 'delivered' | 'failed' | 'dead') => void;
}

interface Delivery {
  readonly id: string;
  readonly attempts: number;
  readonly event: { readonly id: string; readonly type: string; readonly data: unknown; readonly occurredAt: Date };
  readonly endpoint: Endpoint;
}

/** What one attempt came to. */
type Tried =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'failed'; readonly status: number | null; readonly error: string; readonly retryAfterMs: number | null }
  /** 410: the receiver wants no more of it. */
  | { readonly kind: 'gone' };

/** The background process that brings events to endpoints: at least once, in no order, until they were taken or have failed for longer than a day. */
export function deliverWebhooks(parts: DeliverParts) {
  return jobKind({
    queue: WEBHOOK_QUEUE,
    payload: z.object({ delivery: z.string() }),
    concurrency: 8,
    deadlineMs: DEADLINE_MS + 10_000,
    maxAttempts: 1_000,
    async work({ delivery: id }, { signal }) {
      const delivery = await findDelivery(parts.db, id);
      if (delivery === null) return async () => DONE;
      const { endpoint } = delivery;
      if (endpoint.state === 'disabled') return (tx) => die(tx, delivery, { status: null, error: 'The endpoint is disabled.' }, parts);
      const { restingUntil } = endpoint;
      if (restingUntil !== null && restingUntil.getTime() > Date.now()) {
        return async () => ({ kind: 'again', at: new Date(restingUntil.getTime() + Math.random() * 10_000) });
      }
      const tried = await send(delivery, signal, parts);
      return (tx) => remember(tx, delivery, tried, parts);
    },
  });
}

async function send({ event, endpoint }: Delivery, signal: AbortSignal, { outbound, evidence }: DeliverParts): Promise<Tried> {
  const at = new Date();
  const body = JSON.stringify({ type: event.type, timestamp: event.occurredAt.toISOString(), data: event.data });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Imprimatur-Webhooks/1',
    ...webhookHeaders({ id: event.id, at, body }, await secretsOf(endpoint, at, evidence)),
  };
  const { url, trust } = endpoint;
  const answer = await outbound.open({ url, method: 'POST', headers, body, trust, maxBytes: READ_BYTES, deadlineMs: DEADLINE_MS, signal });
  if (answer.kind === 'failed') return { kind: 'failed', status: null, error: answer.cause, retryAfterMs: null };
  // The status is all that counts; what little is said beside it is read so that the connection can be used again.
  for await (const part of answer.parts) if (part.kind === 'failed') break;
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status === 410) return { kind: 'gone' };
  return { kind: 'failed', status, error: `HTTP ${status}`, retryAfterMs: retryAfter(answer.headers, Date.now()) ?? null };
}

async function secretsOf(endpoint: Endpoint, at: Date, evidence: DeliverParts['evidence']): Promise<readonly string[]> {
  const { id, secret, previousSecret, previousUntil } = endpoint;
  const open = async (sealed: Uint8Array) =>
    Buffer.from(await evidence.openValue({ id, kind: 'webhook_secret', sealed })).toString('base64');
  const isOld = previousSecret === null || previousUntil === null || previousUntil <= at;
  return [await open(secret), ...(isOld ? [] : [await open(previousSecret)])];
}

async function remember(tx: Queryable, delivery: Delivery, tried: Tried, parts: DeliverParts): Promise<Afterwards> {
  const { id, endpoint } = delivery;
  if (tried.kind === 'gone') {
    await tx.query({
      text: "update webhook_endpoints set state = 'disabled', disabled_because = 'it answered 410 Gone' where id = $1",
      values: [endpoint.id],
    });
    return die(tx, delivery, { status: 410, error: 'HTTP 410' }, parts);
  }
  if (tried.kind === 'delivered') {
    await tx.query({
      text: `with e as (update webhook_endpoints set failures = 0, resting_until = null, delivered_at = clock_timestamp() where id = $3)
             update webhook_deliveries set state = 'delivered', attempts = attempts + 1, last_status = $2, last_error = null, ended_at = clock_timestamp()
             where id = $1`,
      values: [id, tried.status, endpoint.id],
    });
    parts.told('delivered');
    return DONE;
  }
  return retry(tx, delivery, tried, parts);
}

async function retry(
  tx: Queryable,
  delivery: Delivery,
  tried: Extract<Tried, { kind: 'failed' }>,
  parts: DeliverParts,
): Promise<Afterwards> {
  const { id, attempts, endpoint } = delivery;
  const tired = endpoint.failures + 1 - TIRED_AFTER;
  const restMs = tired < 0 ? 0 : Math.min(LONGEST_REST_MS, MINUTE * 2 ** tired);
  await tx.query({
    text: `update webhook_endpoints set failures = failures + 1,
             resting_until = case when $2 > 0 then clock_timestamp() + $2 * interval '1 millisecond' end where id = $1`,
    values: [endpoint.id, restMs],
  });
  const waitMs = WAITS_MS[attempts];
  if (waitMs === undefined) return die(tx, delivery, tried, parts);
  await tx.query({
    text: 'update webhook_deliveries set attempts = attempts + 1, last_status = $2, last_error = $3 where id = $1',
    values: [id, tried.status, tried.error],
  });
  parts.told('failed');
  const inMs = Math.max(waitMs * (1 + Math.random() / 5), tried.retryAfterMs ?? 0);
  return { kind: 'again', at: new Date(Date.now() + inMs) };
}

/** A dead letter: it stays to be seen and replayed. */
async function die(
  tx: Queryable,
  delivery: Delivery,
  why: { readonly status: number | null; readonly error: string },
  parts: DeliverParts,
) {
  const { id, event, endpoint } = delivery;
  await tx.query({
    text: `update webhook_deliveries set state = 'dead', attempts = attempts + 1, last_status = $2, last_error = $3, ended_at = clock_timestamp()
           where id = $1`,
    values: [id, why.status, why.error],
  });
  // An alert about an alert that cannot be told would go round for ever.
  if (event.type !== 'alert.raised') {
    await parts.raiseAlert(tx, {
      key: `webhook:${endpoint.id}`,
      severity: 'ticket',
      title: `Events for "${endpoint.name}" could not be delivered`,
      text: `The last error: ${why.error} See "imprimatur webhooks deliveries ${endpoint.id}".`,
    });
  }
  parts.told('dead');
  return DONE;
}

const eventRow = z.object({ attempts: z.number(), event_id: z.string(), type: z.string(), data: z.unknown(), occurred_at: z.date() });

async function findDelivery(db: Database, id: string): Promise<Delivery | null> {
  const { rows } = await db.query({
    name: 'webhook-delivery',
    text: `select d.attempts, d.event_id, v.type, v.data, v.occurred_at, e.*
           from webhook_deliveries d join events v on v.id = d.event_id join webhook_endpoints e on e.id = d.endpoint_id
           where d.id = $1 and d.state = 'pending'`,
    values: [id],
  });
  if (rows[0] === undefined) return null;
  const { attempts, event_id, type, data, occurred_at } = eventRow.parse(rows[0]);
  return { id, attempts, event: { id: event_id, type, data, occurredAt: occurred_at }, endpoint: toEndpoint(rows[0]) };
}
