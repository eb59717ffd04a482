import { z } from 'zod';
import { type Command, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, sayFromGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const killSwitch = z.looseObject({
  id: z.string(),
  state: z.string(),
  scope: z.record(z.string(), z.string()),
  reason: z.string(),
  by: z.string(),
  until: z.string().nullable(),
});
const thrown = killSwitch.extend({
  recorded: z.boolean(),
  settled: z.boolean(),
  processes: z.number().nullable(),
  seen_by: z.number().nullable(),
});

export const kill: Command = {
  name: 'kill',
  usage: [
    'imprimatur kill --reason TEXT [--surface NAME] [--model NAME] [--operation generate|edit|variation] [--region CODE] [--until TIME] [--json]',
    'imprimatur kill list [--json]',
    'imprimatur kill lift KILL_ID [--reason TEXT] [--json]',
  ],
  about:
    'Stops generation at once, in every process: all of it, or that of a surface, model, operation or region. What is under way is held, and nothing leaves.',
  async run(args, context) {
    const line = parseCommandLine(args, context, [...SCOPE, 'reason', 'until']);
    const act = actOf(line);
    return sayFromGateway(line, context, act);
  },
};

const SCOPE = ['surface', 'model', 'operation', 'region'] as const;

/** What is asked for, before the gateway is. @throws UsageError */
function actOf(line: ParsedArgs): (client: GatewayClient) => Promise<string> {
  const [action, id] = line.positionals;
  if (action === 'list') return (client) => list(client, line);
  if (action === 'lift' && id !== undefined) return (client) => lift(client, id, line);
  const { reason } = line.options;
  if (action === undefined && reason !== undefined) return (client) => stop(client, reason, line);
  throw new UsageError(
    action === undefined ? 'Say why: --reason TEXT.' : 'Say list, or lift with the id of a switch, or only --reason TEXT.',
  );
}

async function list(client: GatewayClient, { json }: ParsedArgs): Promise<string> {
  const { data } = z.object({ data: z.array(killSwitch) }).parse(await askJson(client, 'GET', '/v1/kill'));
  const rows = data.map((one) => [one.id, one.state, scopeText(one.scope), one.by, one.until ?? '', one.reason]);
  return json ? JSON.stringify(data) : table(['switch', 'state', 'stops', 'by', 'until', 'reason'], rows);
}

async function lift(client: GatewayClient, id: string, { json, options: { reason } }: ParsedArgs): Promise<string> {
  const body = reason === undefined ? {} : { reason };
  const lifted = killSwitch.parse(await askJson(client, 'POST', `/v1/kill/${encodeURIComponent(id)}/lift`, body));
  if (json) return JSON.stringify(lifted);
  return lifted.state === 'lifted' ? `${id} is lifted.` : `A second person has to lift ${id}, too.`;
}

async function stop(client: GatewayClient, reason: string, { json, options }: ParsedArgs): Promise<string> {
  const scope = Object.fromEntries(SCOPE.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
  const { until } = options;
  const made = thrown.parse(await askJson(client, 'POST', '/v1/kill', { scope, reason, ...(until === undefined ? {} : { until }) }));
  return json ? JSON.stringify(made) : tell(made);
}

const scopeText = (scope: Readonly<Record<string, string>>) =>
  Object.entries(scope)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'everything';

function tell({ id, scope, recorded, settled, processes, seen_by: seenBy }: z.output<typeof thrown>): string {
  const where = processes === null ? 'in the process that was asked' : `in ${seenBy} of ${processes} processes so far`;
  const lines = [`${scopeText(scope)} is stopped (${id}), ${where}.`];
  if (!recorded)
    lines.push(
      'It could not be written down: no other process knows of it. One that cannot reach the database either is closed; one that can GOES ON.',
      'Say it again to another process (POST /v1/kill there). It is written down here as soon as the database can be reached; until then do not restart this process.',
    );
  else if (!settled) lines.push('Something that began to be published before may still leave; look again with "imprimatur kill list".');
  lines.push(`Lift it with: imprimatur kill lift ${id}`);
  return lines.join('\n');
}
