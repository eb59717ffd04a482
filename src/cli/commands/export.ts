import { writeFile } from 'node:fs/promises';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { agreed, withGateway } from '../gateway-client.ts';

const OWN = ['form', 'from', 'to', 'limit', 'out'];

export const exportCommand: Command = {
  name: 'export',
  usage: ['imprimatur export decisions [--form labels|pairs] [--from DATE] [--to DATE] [--limit N] --out FILE'],
  about:
    'What people decided, as training data: JSON lines in the forms that TRL reads, pictures by their hashes. Only of applications in the setting exports, without prompts that seem to name somebody. Each export stands in the ledger.',
  async run(args, context) {
    const { positionals, options, config } = parseCommandLine(args, context, OWN);
    const { out, limit, ...wish } = options;
    if (positionals[0] !== 'decisions' || positionals.length > 1) throw new UsageError('Say decisions.');
    if (out === undefined) throw new UsageError('Say where to write it: --out FILE.');
    const body = JSON.stringify({ ...wish, ...(limit === undefined ? {} : { limit: Number(limit) }) });
    return withGateway(config, async (client) => {
      const answer = await client.request('POST', '/v1/exports/decisions', { type: 'application/json', bytes: Buffer.from(body) });
      const lines = agreed(answer);
      // Prompts of users: for whoever asked, and nobody else on the machine.
      await writeFile(out, lines, { mode: 0o600 });
      context.terminal.out(`${rowsIn(lines)} rows in ${out}.`);
      return EXIT.done;
    });
  },
};

function rowsIn(lines: Buffer): number {
  return lines.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
}
