import { ImprimaturError } from '../contracts/errors.ts';
import { describeError } from '../telemetry/telemetry.ts';
import { type Command, DeclinedError, EXIT, type Terminal, UsageError } from './command.ts';
import { applications } from './commands/applications.ts';
import { audit } from './commands/audit.ts';
import { behavior } from './commands/behavior.ts';
import { cases } from './commands/cases.ts';
import { certs } from './commands/certs.ts';
import { classifier } from './commands/classifier.ts';
import { config } from './commands/config.ts';
import { coverage } from './commands/coverage.ts';
import { curate } from './commands/curate.ts';
import { detect } from './commands/detect.ts';
import { editAnomaly } from './commands/edit-anomaly.ts';
import { explain as explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { faces } from './commands/faces.ts';
import { fsck } from './commands/fsck.ts';
import { gates } from './commands/gates.ts';
import { keys } from './commands/keys.ts';
import { kill } from './commands/kill.ts';
import { ledger } from './commands/ledger.ts';
import { limits } from './commands/limits.ts';
import { lists } from './commands/lists.ts';
import { optOuts } from './commands/opt-outs.ts';
import { people } from './commands/people.ts';
import { policies } from './commands/policies.ts';
import { policy } from './commands/policy.ts';
import { prompt } from './commands/prompt.ts';
import { serve } from './commands/serve.ts';
import { signer } from './commands/signer.ts';
import { surfaces } from './commands/surfaces.ts';
import { upstreams } from './commands/upstreams.ts';
import { usage as usageCommand } from './commands/usage.ts';
import { users } from './commands/users.ts';
import { verify } from './commands/verify.ts';
import { waivers } from './commands/waivers.ts';
import { watermark } from './commands/watermark.ts';
import { webhooks } from './commands/webhooks.ts';
import { witness } from './commands/witness.ts';
import { forTerminal } from './printable.ts';

/** Every command: a file and a line here. */
const COMMANDS: readonly Command[] = [
  serve,
  keys,
  applications,
  kill,
  gates,
  limits,
  usageCommand,
  surfaces,
  upstreams,
  cases,
  users,
  behavior,
  explainCommand,
  lists,
  people,
  optOuts,
  policy,
  policies,
  coverage,
  waivers,
  prompt,
  exportCommand,
  classifier,
  ledger,
  verify,
  certs,
  signer,
  config,
  fsck,
  watermark,
  detect,
  curate,
  audit,
  faces,
  editAnomaly,
  webhooks,
  witness,
];

/** Runs one command and gives its exit code: 0 done, 1 the answer is no, 2 wrong use, 70 something broke. */
export async function runCli(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const [name, ...rest] = args;
  const terminal: Terminal = {
    out: (text) => console.log(forTerminal(text)),
    err: (text) => console.error(forTerminal(text)),
    isInteractive: process.stderr.isTTY === true,
  };
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) {
    terminal[name === undefined || name === 'help' || name === '--help' ? 'out' : 'err'](usage());
    return name === undefined || name === 'help' || name === '--help' ? EXIT.done : EXIT.usage;
  }
  if (rest.includes('--help')) {
    terminal.out(`${command.usage.join('\n')}\n\n${command.about}`);
    return EXIT.done;
  }
  try {
    return await command.run(rest, { env, terminal });
  } catch (error) {
    return explain(error, command, terminal);
  }
}

function explain(error: unknown, command: Command, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.err(`${error.message}\n\n${command.usage.join('\n')}`);
    return EXIT.usage;
  }
  if (error instanceof DeclinedError) {
    terminal.err(error.message);
    return EXIT.no;
  }
  if (error instanceof ImprimaturError) {
    const detail = error.message === error.publicMessage ? '' : `\n${error.message}`;
    terminal.err(`${error.publicMessage}${detail}`);
    return error.code === 'CONFIG_INVALID' || error.code === 'POLICY_INVALID' ? EXIT.usage : EXIT.broke;
  }
  terminal.err(describeError(error));
  return EXIT.broke;
}

function usage(): string {
  const lines = COMMANDS.map(({ name, about }) => `  ${name.padEnd(10)} ${about.split('. ')[0]}`);
  return `Usage: imprimatur <command> [options]\n\n${lines.join('\n')}\n\n"imprimatur <command> --help" says more. Settings: see docs/config.md.`;
}
