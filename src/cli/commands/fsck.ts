import { z } from 'zod';
import { type Command, EXIT, parseCommandLine } from '../command.ts';
import { askJson, withGateway } from '../gateway-client.ts';

const answer = z.object({ flaws: z.array(z.object({ what: z.string(), id: z.string(), problem: z.string() })), checked: z.number() });

export const fsck: Command = {
  name: 'fsck',
  usage: ['imprimatur fsck [--json]'],
  about:
    'Compares database, evidence and ledger: whatever was published has its picture, its decision and its entry. Exit 1 when something is missing.',
  async run(args, context) {
    const { json, config } = parseCommandLine(args, context);
    return withGateway(config, async (client) => {
      const found = answer.parse(await askJson(client, 'POST', '/v1/fsck', {}));
      const lines = found.flaws.map(({ what, id, problem }) => `${what}  ${id}  ${problem}`);
      context.terminal.out(
        json ? JSON.stringify(found) : [...lines, `${found.checked} artifacts checked, ${found.flaws.length} flaws.`].join('\n'),
      );
      return found.flaws.length === 0 ? EXIT.done : EXIT.no;
    });
  },
};
