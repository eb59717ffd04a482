import { z } from 'zod';
import { type Command, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, sayFromGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const campaign = z.looseObject({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  case_id: z.string(),
  seen_at: z.string(),
  accounts: z.number(),
  refusals: z.number(),
});
const suspect = z.looseObject({
  user: z.string().nullable(),
  application: z.string().nullable(),
  probing: z.number(),
  refused: z.number(),
  seen_at: z.string(),
});
const member = z.looseObject({ application: z.string(), user: z.string(), refusals: z.number(), last_at: z.string() });

export const behavior: Command = {
  name: 'behavior',
  usage: [
    'imprimatur behavior campaigns [--state open|stopped|cleared|all] [--limit N] [--json]',
    'imprimatur behavior campaign ID [--json]',
    'imprimatur behavior suspects [--limit N] [--json]',
  ],
  about:
    'What accounts do together, and who has most against them, as digests. The words of a campaign are shown in the console, where it is known who reads them.',
  async run(args, context) {
    const line = parseCommandLine(args, context, ['state', 'limit']);
    const act = actOf(line);
    return sayFromGateway(line, context, act);
  },
};

/** @throws UsageError */
function actOf({ positionals: [what, id, ...more], json, options }: ParsedArgs): (client: GatewayClient) => Promise<string> {
  const query = new URLSearchParams(
    Object.entries(options).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
  );
  if (what === 'campaigns' && id === undefined) return (client) => campaigns(client, query, json);
  if (what === 'suspects' && id === undefined) return (client) => suspects(client, query, json);
  if (what === 'campaign' && id !== undefined && more.length === 0) return (client) => oneCampaign(client, id, json);
  throw new UsageError('Say campaigns, suspects, or campaign and its id.');
}

async function campaigns(client: GatewayClient, query: URLSearchParams, json: boolean): Promise<string> {
  const { data } = z.object({ data: z.array(campaign) }).parse(await askJson(client, 'GET', `/v1/behavior/campaigns?${query}`));
  const rows = data.map((one) => [one.id, one.kind, one.state, `${one.accounts}`, `${one.refusals}`, one.seen_at, one.case_id]);
  return json ? JSON.stringify(data) : table(['campaign', 'known by', 'state', 'accounts', 'requests', 'last seen', 'case'], rows);
}

async function oneCampaign(client: GatewayClient, id: string, json: boolean): Promise<string> {
  const found = campaign
    .extend({ members: z.array(member) })
    .parse(await askJson(client, 'GET', `/v1/behavior/campaigns/${encodeURIComponent(id)}`));
  if (json) return JSON.stringify(found);
  const rows = found.members.map((one) => [one.user, one.application, `${one.refusals}`, one.last_at]);
  const heading = `${found.id}: ${found.accounts} accounts, ${found.refusals} requests, ${found.state}, case ${found.case_id}`;
  return `${heading}\n\n${table(['user', 'application', 'requests', 'last'], rows)}`;
}

async function suspects(client: GatewayClient, query: URLSearchParams, json: boolean): Promise<string> {
  const { data } = z.object({ data: z.array(suspect) }).parse(await askJson(client, 'GET', `/v1/behavior/suspects?${query}`));
  const rows = data.map((one) => [
    one.user ?? 'a device',
    one.application ?? '',
    one.probing.toFixed(2),
    one.refused.toFixed(1),
    one.seen_at,
  ]);
  return json ? JSON.stringify(data) : table(['user', 'application', 'probing', 'refused', 'last seen'], rows);
}
