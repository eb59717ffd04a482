import { writeFile } from 'node:fs/promises';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { agreed, withGateway } from '../gateway-client.ts';

const FORMATS = ['json', 'csv', 'cloudevents'];
const DAY_MS = 86_400_000;

export const usage: Command = {
  name: 'usage',
  usage: ['imprimatur usage export [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--format json|csv|cloudevents] [--out FILE]'],
  about: 'What was used each day, for billing. Without days, yesterday. Days are UTC. A terminal gets plain line ends; a file each byte.',
  async run(args, context) {
    const { positionals, options, config } = parseCommandLine(args, context, ['from', 'to', 'format', 'out']);
    const [action] = positionals;
    const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
    const { from = options['to'] ?? yesterday, to = from, format = 'json', out } = options;
    if (action !== 'export' || !FORMATS.includes(format)) throw new UsageError(`Say export, and a format of ${FORMATS.join(', ')}.`);
    return withGateway(config, async (client) => {
      const bytes = agreed(await client.request('GET', `/v1/usage?${new URLSearchParams({ from, to, format })}`));
      if (out === undefined) context.terminal.out(bytes.toString().replaceAll('\r\n', '\n').trimEnd());
      else await writeFile(out, bytes);
      return EXIT.done;
    });
  },
};
