import { z } from 'zod';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const endpoint = z.looseObject({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  application: z.string().nullable(),
  events: z.array(z.string()),
  state: z.string(),
  failures: z.number(),
});
const delivery = z.looseObject({
  id: z.string(),
  type: z.string(),
  state: z.string(),
  attempts: z.number(),
  last_status: z.number().nullable(),
  last_error: z.string().nullable(),
  occurred_at: z.string(),
});
const withSecret = z.object({ id: z.string(), secret: z.string() });
const listOf = <T extends z.ZodType>(one: T) => z.object({ data: z.array(one) });

type Options = Readonly<Record<string, string | undefined>>;
type Act = (client: GatewayClient, id: string, options: Options) => Promise<{ readonly answer: unknown; readonly text: string }>;

const path = (id: string) => `/v1/webhooks/${encodeURIComponent(id)}`;
const keep = 'Keep it now: it cannot be shown again.';

const ACTS: Readonly<Record<string, Act>> = {
  async add(client, url, { name, application, events }) {
    if (name === undefined) throw new UsageError('Give the endpoint a --name.');
    const body = { name, url, application, events: events?.split(',') };
    const answer = await askJson(client, 'POST', '/v1/webhooks', body);
    const { id, secret } = withSecret.parse(answer);
    return { answer, text: `${id}\n${secret}\n${keep}` };
  },
  async rotate(client, id) {
    const answer = await askJson(client, 'POST', `${path(id)}/rotate`, {});
    return { answer, text: `${withSecret.parse(answer).secret}\n${keep} The secret before signs as well for a day.` };
  },
  async disable(client, id) {
    return { answer: await askJson(client, 'POST', `${path(id)}/disable`, {}), text: `${id} hears of nothing.` };
  },
  async enable(client, id) {
    return { answer: await askJson(client, 'POST', `${path(id)}/enable`, {}), text: `${id} hears of events again.` };
  },
  async test(client, id) {
    return { answer: await askJson(client, 'POST', `${path(id)}/test`, {}), text: 'The event webhook.test is on its way.' };
  },
  async deliveries(client, id, { state }) {
    const query = state === undefined ? '' : `?state=${encodeURIComponent(state)}`;
    const { data } = listOf(delivery).parse(await askJson(client, 'GET', `${path(id)}/deliveries${query}`));
    const rows = data.map((one) => [one.id, one.type, one.state, String(one.attempts), one.last_error ?? '–', one.occurred_at]);
    return { answer: data, text: table(['delivery', 'event', 'state', 'attempts', 'last error', 'happened'], rows) };
  },
  async replay(client, id, { since }) {
    const isOne = id.startsWith('dlv_');
    const address = isOne ? `/v1/webhook-deliveries/${encodeURIComponent(id)}/replay` : `${path(id)}/replay`;
    const answer = await askJson(client, 'POST', address, since === undefined || isOne ? {} : { since });
    return { answer, text: `${z.object({ count: z.number() }).parse(answer).count} to be delivered once more.` };
  },
};

export const webhooks: Command = {
  name: 'webhooks',
  usage: [
    'imprimatur webhooks list [--json]',
    'imprimatur webhooks add URL --name NAME [--application A] [--events E,E] [--json]',
    'imprimatur webhooks rotate|enable|disable|test ENDPOINT_ID [--json]',
    'imprimatur webhooks deliveries ENDPOINT_ID [--state pending|delivered|dead] [--json]',
    'imprimatur webhooks replay ENDPOINT_ID|DELIVERY_ID [--since TIME] [--json]',
  ],
  about: 'Who hears of events, what could not be delivered, and delivering it once more.',
  async run(args, context) {
    const { positionals, json, options, config } = parseCommandLine(args, context, ['name', 'application', 'events', 'state', 'since']);
    const [action, id] = positionals;
    const { out } = context.terminal;
    return withGateway(config, async (client) => {
      const act = ACTS[action ?? ''];
      if (action === 'list') {
        const { data } = listOf(endpoint).parse(await askJson(client, 'GET', '/v1/webhooks'));
        const rows = data.map((one) => [one.id, one.name, one.state, one.application ?? 'all', one.events.join(',') || 'all', one.url]);
        out(json ? JSON.stringify(data) : table(['endpoint', 'name', 'state', 'application', 'events', 'address'], rows));
      } else if (act !== undefined && id !== undefined) {
        const { answer, text } = await act(client, id, options);
        out(json ? JSON.stringify(answer) : text);
      } else {
        throw new UsageError('Say list, add, rotate, enable, disable, test, deliveries or replay.');
      }
      return EXIT.done;
    });
  },
};
