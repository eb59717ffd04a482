import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ensureFirstKeys, type FirstKeys } from '../../compose/first-keys.ts';
import { refuseDevelopmentParts } from '../../compose/refuse-development-parts.ts';
import type { Config } from '../../config/load-config.ts';
import { byApiKey } from '../../http/authenticate.ts';
import { createServer } from '../../http/server.ts';
import { composeGateway, type Gateway } from '../../main.ts';
import { formatPolicyRef } from '../../policy/policy-ref.ts';
import { type Command, EXIT, parseCommandLine, type Terminal } from '../command.ts';
import { controlSocketPath } from '../gateway-client.ts';

export const serve: Command = {
  name: 'serve',
  usage: ['imprimatur serve [--host H] [--port P] [--data-dir DIR] [--config FILE]'],
  about: 'Start the gateway. Needs no key, no network and no container: it brings a database and a demo model.',
  async run(args, context) {
    const { config } = parseCommandLine(args, context);
    const running = await startGateway(config);
    context.terminal.out(banner(config, running, context.terminal));
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    await running.close();
    return EXIT.done;
  },
};

interface RunningGateway {
  readonly url: string;
  readonly firstKeys: FirstKeys;
  readonly gateway: Gateway;
  close(): Promise<void>;
}

async function startGateway(config: Config): Promise<RunningGateway> {
  refuseDevelopmentParts(config, false);
  const gateway = await composeGateway(config);
  const doors: FastifyInstance[] = [];
  const close = async () => {
    await Promise.allSettled(doors.map((door) => door.close()));
    await gateway.close();
  };
  try {
    const { parts } = gateway;
    const firstKeys = await ensureFirstKeys(config, parts);
    const allowed = refuseDevelopmentParts(config, Object.keys(firstKeys).length > 0);
    if (allowed.length > 0) parts.telemetry.log.warn({ event: 'development.allowed', host: config.values.host, parts: allowed });
    await parts.journal.record({}, [{ kind: 'gateway.started', policy: formatPolicyRef(parts.policy.ref), development: allowed }]);

    const control = await createServer(parts, async () => ({ kind: 'operator', keyId: 'local' }));
    doors.push(control);
    const socket = controlSocketPath(config.dataDir);
    // The data directory is locked, so a socket that is still there was left by a process that died.
    await rm(socket, { force: true });
    await control.listen({ path: socket });

    const app = await createServer(parts, byApiKey(parts.findKey));
    doors.push(app);
    await app.listen({ host: config.values.host, port: config.values.port });
    const { port } = addressOf(app);
    const host = config.values.host.includes(':') ? `[${config.values.host}]` : config.values.host;
    const url = `http://${host}:${port}`;
    gateway.setBaseUrl(url);
    parts.telemetry.log.info({ event: 'gateway.ready', url, policy: formatPolicyRef(parts.policy.ref), database: parts.db.kind });
    return { url, firstKeys, gateway, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function addressOf(app: FastifyInstance): AddressInfo {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address;
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
    '',
    ...(keys.length === 0
      ? ['Keys: as configured. Make more with "npx imprimatur keys create --surface api".']
      : [bold('Development keys'), ...keys]),
    '',
    bold('Make a picture'),
    `  curl -s ${url}/v1/images/generations -H "Authorization: Bearer ${first}" -H "Content-Type: application/json" \\`,
    `    -d '{"prompt":"a lighthouse above the sea at sunset"}' | node -e 'process.stdin.setEncoding("utf8");let t="";process.stdin.on("data",c=>t+=c).on("end",()=>require("fs").writeFileSync("picture.png",Buffer.from(JSON.parse(t).data[0].b64_json,"base64")))' && npx imprimatur verify picture.png`,
    '',
    `API: ${url}/docs · ledger: ${url}/ledger/checkpoint · metrics: ${url}/metrics`,
  ].join('\n');
}
