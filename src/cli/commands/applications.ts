import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Command, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, sayFromGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const application = z.looseObject({
  id: z.string(),
  name: z.string(),
  surfaces: z.array(z.string()).nullable(),
  claims: z.looseObject({ use: z.string(), required: z.boolean() }),
  stopped_at: z.string().nullable(),
});
const OPTIONS = ['name', 'surfaces', 'claims-use', 'claims-required', 'stopped', 'kid', 'algorithm', 'public-jwk', 'expires-at'];

export const applications: Command = {
  name: 'applications',
  usage: [
    'imprimatur applications list [--json]',
    'imprimatur applications put ID --name N [--surfaces chat,app] [--claims-use once|until-expiry] [--claims-required yes] [--stopped yes]',
    'imprimatur applications add-claim-key ID --kid K --algorithm HS256|HMAC|RS256|ES256|EdDSA [--public-jwk FILE] [--expires-at T]',
    'imprimatur applications revoke-claim-key ID KID',
  ],
  about: 'Products of the platform, and the keys by which they sign what they say of their users.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, OPTIONS);
    return sayFromGateway(parsed, context, (client) => act(parsed, client));
  },
};

async function act({ positionals, json, options }: ParsedArgs, client: GatewayClient): Promise<string> {
  const [action, id = '', kid = ''] = positionals;
  const path = `/v1/applications/${encodeURIComponent(id)}`;
  if (action === 'list') {
    const data = await listed(client);
    return json ? JSON.stringify(data) : table(['id', 'name', 'surfaces', 'claims', 'stopped'], data.map(row));
  }
  if (id === '') throw new UsageError('Say list, put, add-claim-key or revoke-claim-key, and the application.');
  if (action === 'put') {
    const before = (await listed(client)).find((one) => one.id === id);
    return JSON.stringify(await askJson(client, 'PUT', path, wishOf(id, before, options)));
  }
  if (action === 'add-claim-key') {
    const made = z
      .looseObject({ secret: z.string().nullable() })
      .parse(await askJson(client, 'POST', `${path}/claim-keys`, keyOf(options)));
    if (json) return JSON.stringify(made);
    return made.secret === null ? 'The key is registered.' : `${made.secret}\nKeep it now: it cannot be shown again.`;
  }
  if (action !== 'revoke-claim-key' || kid === '') throw new UsageError('Say list, put, add-claim-key or revoke-claim-key.');
  return JSON.stringify(await askJson(client, 'POST', `${path}/claim-keys/${encodeURIComponent(kid)}/revoke`, {}));
}

async function listed(client: GatewayClient): Promise<z.output<typeof application>[]> {
  return z.object({ data: z.array(application) }).parse(await askJson(client, 'GET', '/v1/applications')).data;
}

/** What is not said stays as it was: a word about one thing must not open another. */
function wishOf(id: string, before: z.output<typeof application> | undefined, options: ParsedArgs['options']): object {
  const { name = before?.name ?? id, surfaces, stopped } = options;
  const [use, required] = [options['claims-use'], options['claims-required']];
  return {
    name,
    surfaces: surfaces === undefined ? (before?.surfaces ?? null) : surfaces.split(',').map((surface) => surface.trim()),
    claims: {
      ...before?.claims,
      ...(use === undefined ? {} : { use }),
      ...(required === undefined ? {} : { required: required === 'yes' }),
    },
    stopped: stopped === undefined ? (before?.stopped_at ?? null) !== null : stopped === 'yes',
  };
}

function keyOf({ kid, algorithm, ...options }: ParsedArgs['options']): object {
  const [file, expiresAt] = [options['public-jwk'], options['expires-at']];
  return {
    kid,
    algorithm,
    ...(file === undefined ? {} : { public_jwk: JSON.parse(readFileSync(file, 'utf8')) }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
  };
}

function row({ id, name, surfaces, claims, stopped_at }: z.output<typeof application>): string[] {
  const use = `${claims.use}${claims.required ? ', required' : ''}`;
  return [id, name, surfaces?.join(', ') ?? 'all', use, stopped_at ?? '–'];
}
