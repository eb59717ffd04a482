import { z } from 'zod';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { askJson, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const upstream = z.looseObject({ model: z.string(), state: z.string() });

export const upstreams: Command = {
  name: 'upstreams',
  usage: ['imprimatur upstreams [list] [--json]'],
  about: 'Which models work, are left alone after failures, or have a blocked account, as the running process knows from real requests.',
  async run(args, context) {
    const { positionals, json, config } = parseCommandLine(args, context);
    const [action = 'list', ...more] = positionals;
    if (action !== 'list' || more.length > 0) throw new UsageError('Say list, or nothing.');
    return withGateway(config, async (client) => {
      const { data } = z.object({ data: z.array(upstream) }).parse(await askJson(client, 'GET', '/v1/upstreams'));
      const rows = data.map(({ model, state }) => [model, state.replaceAll('_', ' ')]);
      context.terminal.out(json ? JSON.stringify(data) : table(['model', 'state'], rows));
      return EXIT.done;
    });
  },
};
