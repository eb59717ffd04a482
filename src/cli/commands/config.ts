import { describeConfig } from '../../config/describe-config.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { table } from '../table.ts';

export const config: Command = {
  name: 'config',
  usage: ['imprimatur config print [--json]'],
  about: 'Every setting with its value, where it came from, and its default. Secrets are never shown.',
  async run(args, context) {
    const { positionals, json, config: loaded } = parseCommandLine(args, context);
    if (positionals[0] !== 'print') throw new UsageError('Say print.');
    const rows = describeConfig(loaded);
    context.terminal.out(
      json
        ? JSON.stringify(rows)
        : table(
            ['setting', 'value', 'from', 'default'],
            rows.map((row) => [row.key, row.value, row.source, row.default]),
          ),
    );
    return EXIT.done;
  },
};
