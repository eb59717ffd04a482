import { withLocalChecks } from '../../compose/local-checks.ts';
import { readCoverage } from '../../compose/open-coverage.ts';
import { policyPath } from '../../packs.ts';
import { type CoverageRow, gapsOf } from '../../policy/coverage.ts';
import { coverageCells } from '../../policy/coverage-page.ts';
import { loadPolicyFile } from '../../policy/load-policy.ts';
import { type Command, EXIT, parseCommandLine } from '../command.ts';
import { table } from '../table.ts';

export const coverage: Command = {
  name: 'coverage',
  usage: ['imprimatur coverage [PACK|FILE] [--json]'],
  about:
    'Who looks for what, in words and in pictures, on what data that was measured, how much it misses, and what is waived. Fails when the policy names a category that nobody looks for in pictures and nobody answers for.',
  async run(args, context) {
    const { positionals, json, config } = parseCommandLine(args, context);
    return withLocalChecks(config, async (available) => {
      const policy = await loadPolicyFile(policyPath(positionals[0] ?? config.values.policy), { checks: available });
      const { rows: read, isEnforced } = await readCoverage(config, { policy, available });
      const rows = read();
      context.terminal.out(json ? JSON.stringify({ policy: policy.ref, isEnforced, rows }) : shown(rows));
      const gaps = gapsOf(rows).length;
      if (gaps > 0)
        context.terminal.err(
          `${gaps} gaps. ${isEnforced ? 'A gateway with this configuration does not start.' : 'A gateway on a public address would not start.'}`,
        );
      return gaps === 0 ? EXIT.done : EXIT.no;
    });
  },
};

function shown(rows: readonly CoverageRow[]): string {
  return table(['category', 'looks at', 'state', 'by', 'measured on', 'missed', 'false alarms', 'date'], rows.flatMap(coverageCells));
}
