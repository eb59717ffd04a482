import { ImprimaturError } from '../contracts/errors.ts';
import { newId } from '../contracts/ids.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { announce } from './announce.ts';
import { checkEndpointUrl, checkEvents, ENDPOINT_COLUMNS, type Endpoint, toEndpoint } from './endpoint.ts';
import { newWebhookSecret, webhookKey } from './webhook-signature.ts';

export interface EndpointStoreParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: Pick<EvidenceStore, 'sealValue' | 'openValue'>;
}

export interface NewEndpoint {
  /** Unique. */
  readonly name: string;
  readonly url: string;
  readonly application: string | null;
  readonly events: readonly string[];
  readonly by: string;
}

/** An endpoint with its secret in clear: shown once. */
export interface WithSecret {
  readonly endpoint: Endpoint;
  readonly secret: string;
}

/** How long the secret before still signs as well, unless somebody says otherwise. */
export const OVERLAP_HOURS = 24;

/** Where events go. What the configuration names is kept beside, by `keepConfigured`. */
export interface EndpointStore {
  list(): Promise<readonly Endpoint[]>;
  /** @throws ImprimaturError NOT_FOUND */
  find(id: string): Promise<Endpoint>;
  /** @throws ImprimaturError REQUEST_INVALID for an address that is not public https, an unknown event or a name that is taken */
  add(wish: NewEndpoint): Promise<WithSecret>;
  /** A new secret; the one before signs as well for `overlapHours`. @throws ImprimaturError NOT_FOUND */
  rotate(id: string, how: { readonly by: string; readonly overlapHours: number }): Promise<WithSecret>;
  /** Disabled, it hears of nothing, and what waits for it becomes dead letters. @throws ImprimaturError NOT_FOUND */
  setState(id: string, state: Endpoint['state'], by: string): Promise<Endpoint>;
  /** With everything that waits for it. @throws ImprimaturError NOT_FOUND */
  remove(id: string, by: string): Promise<void>;
  /** Sends `webhook.test` to this endpoint, if it wants it. @throws ImprimaturError NOT_FOUND */
  test(id: string): Promise<void>;
}

export function createEndpointStore({ db, journal, evidence }: EndpointStoreParts): EndpointStore {
  const seal = (id: string, secret: string) => evidence.sealValue({ id, kind: 'webhook_secret', bytes: webhookKey(secret) });
  const changed = async (tx: Queryable, endpoint: Endpoint, kind: string, by: string) => {
    const { id, name, application } = endpoint;
    await journal.recordIn(tx, {}, [{ kind, endpoint: id, name, ...(application === null ? {} : { application }), by: `operator:${by}` }]);
  };
  return {
    async list() {
      const { rows } = await db.query({ text: `select ${ENDPOINT_COLUMNS} from webhook_endpoints order by name` });
      return rows.map(toEndpoint);
    },
    find: (id) => findEndpoint(db, id),
    async add({ name, url, application, events, by }) {
      checkEndpointUrl(url);
      checkEvents(events);
      const id = newId('hook');
      const secret = newWebhookSecret();
      const sealed = await seal(id, secret);
      return db.transaction(async (tx) => {
        const { rows } = await tx.query({
          text: `insert into webhook_endpoints (id, name, url, application, events, trust, secret, created_by)
                 values ($1, $2, $3, $4, $5, 'untrusted', $6, $7) on conflict (name) do nothing returning ${ENDPOINT_COLUMNS}`,
          values: [id, name, url, application, [...events], sealed, by],
        });
        if (rows[0] === undefined)
          throw new ImprimaturError('REQUEST_INVALID', { hint: 'There is an endpoint of this name.', param: 'name' });
        const endpoint = toEndpoint(rows[0]);
        await changed(tx, endpoint, 'webhook.added', by);
        return { endpoint, secret };
      });
    },
    async rotate(id, { by, overlapHours }) {
      const secret = newWebhookSecret();
      const sealed = await seal(id, secret);
      return db.transaction(async (tx) => {
        const endpoint = await updateEndpoint(tx, id, {
          set: "previous_secret = secret, previous_until = clock_timestamp() + $2::float8 * interval '1 hour', secret = $3",
          values: [overlapHours, sealed],
        });
        await changed(tx, endpoint, 'webhook.rotated', by);
        return { endpoint, secret };
      });
    },
    setState: (id, state, by) =>
      db.transaction(async (tx) => {
        const because = state === 'disabled' ? `by ${by}` : null;
        const set = 'state = $2, disabled_because = $3, failures = 0, resting_until = null';
        const endpoint = await updateEndpoint(tx, id, { set, values: [state, because] });
        await changed(tx, endpoint, state === 'active' ? 'webhook.enabled' : 'webhook.disabled', by);
        return endpoint;
      }),
    remove: (id, by) =>
      db.transaction(async (tx) => {
        const endpoint = await findEndpoint(tx, id);
        await tx.query({ text: 'delete from webhook_endpoints where id = $1', values: [id] });
        await changed(tx, endpoint, 'webhook.removed', by);
      }),
    test: (id) =>
      db.transaction(async (tx) => {
        const { application } = await findEndpoint(tx, id);
        await announce(tx, { type: 'webhook.test', application, data: { endpoint: id } });
      }),
  };
}

/** @throws ImprimaturError NOT_FOUND */
export async function findEndpoint(db: Queryable, id: string): Promise<Endpoint> {
  const { rows } = await db.query({ text: `select ${ENDPOINT_COLUMNS} from webhook_endpoints where id = $1`, values: [id] });
  if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
  return toEndpoint(rows[0]);
}

async function updateEndpoint(tx: Queryable, id: string, { set, values }: { readonly set: string; readonly values: readonly unknown[] }) {
  const { rows } = await tx.query({
    text: `update webhook_endpoints set ${set} where id = $1 returning ${ENDPOINT_COLUMNS}`,
    values: [id, ...values],
  });
  if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
  return toEndpoint(rows[0]);
}
