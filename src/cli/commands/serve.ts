import { once } from 'node:events';
import { type RunningGateway, startGateway } from '../../compose/start-gateway.ts';
import type { Config } from '../../config/load-config.ts';
import { gapsOf } from '../../policy/coverage.ts';
import { formatPolicyRef } from '../../policy/policy-ref.ts';
import { type Command, type CommandContext, EXIT, parseCommandLine, type Terminal } from '../command.ts';

export const serve: Command = {
  name: 'serve',
  usage: ['imprimatur serve [--host H] [--port P] [--data-dir DIR] [--config FILE]'],
  about: 'Start the gateway. Needs no key, no network and no container: it brings a database and a demo model.',
  async run(args, context) {
    const { config } = parseCommandLine(args, context);
    const running = await startGateway(config);
    context.terminal.out(banner(config, running, context.terminal));
    const reload = () => void reloadSigning(running, args, context);
    process.on('SIGHUP', reload);
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    process.off('SIGHUP', reload);
    await running.close();
    return EXIT.done;
  },
};

/** SIGHUP: the settings are read again, and signers, trust anchors and time-stamp authorities follow them. Bad ones change nothing. */
async function reloadSigning({ gateway }: RunningGateway, args: readonly string[], context: CommandContext): Promise<void> {
  try {
    await gateway.reloadSigning(parseCommandLine(args, context).config);
    context.terminal.err('Signers, trust anchors and time-stamp authorities were read again.');
  } catch (error) {
    context.terminal.err(`The signers stay as they were. ${error instanceof Error ? error.message : ''}`);
  }
}

function banner(config: Config, { url, firstKeys, gateway }: RunningGateway, { isInteractive }: Terminal): string {
  const bold = (text: string) => (isInteractive ? `\u001b[1m${text}\u001b[0m` : text);
  const { policy, db } = gateway.parts;
  const keys = Object.entries(firstKeys).map(([surface, token]) => `  ${surface.padEnd(9)} ${token}`);
  const first = firstKeys[config.values.surfaces[0] ?? ''] ?? '$IMPRIMATUR_KEY';
  const model = config.values.models[0]?.name ?? '';
  return [
    `${bold('Imprimatur')} is ready on ${bold(url)}`,
    `  policy ${formatPolicyRef(policy.ref)} · ${db.kind === 'embedded' ? 'embedded database' : 'PostgreSQL'} in ${config.dataDir} · default model ${model}`,
    ...gapLines(gateway),
    '',
    ...(keys.length === 0
      ? ['Keys: as configured. Make more with "npx imprimatur keys create --surface api".']
      : [bold('Development keys'), ...keys]),
    '',
    bold('Make a picture'),
    `  curl -s -o picture.png "$(curl -s ${url}/v1/images/generations -H "Authorization: Bearer ${first}" \\`,
    `    -H "Content-Type: application/json" -d '{"prompt":"a lighthouse above the sea at sunset","response_format":"url"}' | grep -o 'http[^"]*')"`,
    '  npx imprimatur verify picture.png',
    '',
    ...consoleLines(url, firstKeys['operator'], bold),
    `API: ${url}/docs · ledger: ${url}/ledger/checkpoint · metrics: ${url}/metrics`,
  ].join('\n');
}

/** What the policy names and no detector looks for in pictures: how much, and where to read which. */
function gapLines({ parts: { coverage } }: RunningGateway['gateway']): string[] {
  const count = new Set(gapsOf(coverage.rows()).map(({ category }) => category)).size;
  return count === 0 ? [] : [`  in pictures nobody looks for ${count} categories that the policy names: npx imprimatur coverage`];
}

/** The key stands after the `#`: a browser keeps that to itself, and the console takes it out of the address. */
function consoleLines(url: string, key: string | undefined, bold: (text: string) => string): string[] {
  return key === undefined ? [] : [bold('Open the console'), `  ${url}/console#key=${key}`, ''];
}
