import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { isPublicAddress } from '../outbound/public-address.ts';
import { EVENT_NAMES } from './event-types.ts';

/** Somewhere that hears of events. */
const endpointRow = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    application: z.string().nullable(),
    events: z.array(z.string()),
    trust: z.enum(['configured', 'untrusted']),
    secret: z.instanceof(Uint8Array),
    previous_secret: z.instanceof(Uint8Array).nullable(),
    previous_until: z.date().nullable(),
    state: z.enum(['active', 'disabled']),
    disabled_because: z.string().nullable(),
    failures: z.number(),
    resting_until: z.date().nullable(),
    delivered_at: z.date().nullable(),
    created_by: z.string(),
    created_at: z.date(),
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    url: row.url,
    /** Null: the operator's own, which hears of every application. */
    application: row.application,
    /** Empty: everything. */
    events: row.events,
    trust: row.trust,
    /** Sealed, as is `previousSecret`, which signs as well until `previousUntil`. */
    secret: row.secret,
    previousSecret: row.previous_secret,
    previousUntil: row.previous_until,
    state: row.state,
    disabledBecause: row.disabled_because,
    /** Failures since the last delivery. */
    failures: row.failures,
    /** Nothing is tried before this. */
    restingUntil: row.resting_until,
    deliveredAt: row.delivered_at,
    createdBy: row.created_by,
    createdAt: row.created_at,
  }));
export type Endpoint = z.output<typeof endpointRow>;

export const ENDPOINT_COLUMNS =
  'id, name, url, application, events, trust, secret, previous_secret, previous_until, state, disabled_because, failures, resting_until, delivered_at, created_by, created_at';

export function toEndpoint(row: unknown): Endpoint {
  return endpointRow.parse(row);
}

/**
 * Refuses at once what could not be delivered to anyway; a name is looked up, and its addresses checked, at each attempt.
 * @throws ImprimaturError REQUEST_INVALID
 */
export function checkEndpointUrl(text: string): void {
  const invalid = (hint: string) => new ImprimaturError('REQUEST_INVALID', { hint, param: 'url' });
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'https:')
    throw invalid('An endpoint is an https address; one inside your own network is named in the configuration.');
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw invalid('No user, password or fragment, please.');
  const host = url.hostname.replace(/[[\]]/g, '');
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
  if ((isAddress && !isPublicAddress(host)) || host === 'localhost' || host.endsWith('.localhost')) {
    throw invalid('This address is not public; one inside your own network is named in the configuration.');
  }
}

/** @throws ImprimaturError REQUEST_INVALID for an event that there is not */
export function checkEvents(events: readonly string[]): void {
  const unknown = events.find((event) => !EVENT_NAMES.some((name) => name === event));
  if (unknown === undefined) return;
  throw new ImprimaturError('REQUEST_INVALID', { hint: `There is no such event; there are ${EVENT_NAMES.join(', ')}.`, param: 'events' });
}
