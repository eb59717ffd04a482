import { ImprimaturError } from '../contracts/errors.ts';
import { newId } from '../contracts/ids.ts';
import { checkEvents, ENDPOINT_COLUMNS, toEndpoint } from './endpoint.ts';
import { type EndpointStoreParts, OVERLAP_HOURS } from './endpoint-store.ts';
import { webhookKey } from './webhook-signature.ts';

/** An endpoint of the configuration. The operator wrote its address, so it may be inside their own network. */
export interface ConfiguredEndpoint {
  readonly name: string;
  readonly url: string;
  readonly application?: string;
  readonly events?: readonly string[];
  readonly secret: { reveal(): string };
}

/**
 * Brings the endpoints of the configuration up to date: what it names is active as it says, what it no longer names is disabled. With a new secret the
 * one before signs as well for a day.
 * @throws ImprimaturError CONFIG_INVALID for a secret or an event that is none
 */
export async function keepConfigured(
  configured: readonly ConfiguredEndpoint[],
  { db, evidence }: Pick<EndpointStoreParts, 'db' | 'evidence'>,
): Promise<void> {
  await db.query({
    text: `update webhook_endpoints set state = 'disabled', disabled_because = 'no longer in the configuration'
           where trust = 'configured' and state = 'active' and not (name = any($1))`,
    values: [configured.map(({ name }) => name)],
  });
  for (const one of configured) await keep(one, { db, evidence });
}

async function keep(
  { name, url, application, events = [], secret }: ConfiguredEndpoint,
  { db, evidence }: Pick<EndpointStoreParts, 'db' | 'evidence'>,
): Promise<void> {
  const bytes = checked(name, () => {
    checkEvents(events);
    return webhookKey(secret.reveal());
  });
  const { rows } = await db.query({ text: `select ${ENDPOINT_COLUMNS} from webhook_endpoints where name = $1`, values: [name] });
  const known = rows[0] === undefined ? null : toEndpoint(rows[0]);
  const id = known?.id ?? newId('hook');
  const sealed = await evidence.sealValue({ id, kind: 'webhook_secret', bytes });
  const before = known === null ? bytes : await evidence.openValue({ id, kind: 'webhook_secret', sealed: known.secret });
  await db.query({
    text: `insert into webhook_endpoints (id, name, url, application, events, trust, secret, created_by)
           values ($1, $2, $3, $4, $5, 'configured', $6, 'configuration')
           on conflict (name) do update set url = excluded.url, application = excluded.application, events = excluded.events, trust = 'configured',
             secret = case when $7 and webhook_endpoints.id = excluded.id then excluded.secret else webhook_endpoints.secret end,
             previous_secret = case when $7 then webhook_endpoints.secret else webhook_endpoints.previous_secret end,
             previous_until = case when $7 then clock_timestamp() + interval '${OVERLAP_HOURS} hours' else webhook_endpoints.previous_until end,
             state = 'active', disabled_because = null`,
    values: [id, name, url, application ?? null, [...events], sealed, !Buffer.from(before).equals(bytes)],
  });
}

function checked<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ImprimaturError)) throw error;
    throw new ImprimaturError('CONFIG_INVALID', { detail: `webhooks "${name}": ${error.message}`, cause: error });
  }
}
