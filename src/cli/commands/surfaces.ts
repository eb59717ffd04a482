import { z } from 'zod';
import { type Command, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, sayFromGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const surface = z.looseObject({
  id: z.string(),
  name: z.string(),
  source: z.string(),
  made_by: z.string(),
  made_at: z.string().nullable(),
});

export const surfaces: Command = {
  name: 'surfaces',
  usage: ['imprimatur surfaces list [--json]', 'imprimatur surfaces put ID [--name N] [--json]'],
  about: 'The product channels that keys belong to. Those of the configuration are changed there.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, ['name']);
    return sayFromGateway(parsed, context, (client) => act(parsed, client));
  },
};

async function act({ positionals: [action, id], json, options }: ParsedArgs, client: GatewayClient): Promise<string> {
  if (action === 'list') {
    const { data } = z.object({ data: z.array(surface) }).parse(await askJson(client, 'GET', '/v1/surfaces'));
    if (json) return JSON.stringify(data);
    return table(
      ['id', 'name', 'declared by', 'since'],
      data.map((one) => [one.id, one.name, one.source === 'config' ? 'configuration' : one.made_by, one.made_at ?? '–']),
    );
  }
  if (action !== 'put' || id === undefined) throw new UsageError('Say list, or put and the surface.');
  const made = surface.parse(await askJson(client, 'PUT', `/v1/surfaces/${encodeURIComponent(id)}`, { name: options['name'] ?? id }));
  return json ? JSON.stringify(made) : `${made.id} is registered. Make a key for it: imprimatur keys create --surface ${made.id}`;
}
