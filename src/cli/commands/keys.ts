import { z } from 'zod';
import { type Command, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, sayFromGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const key = z.looseObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  roles: z.array(z.string()),
  application: z.string(),
  surface: z.string(),
  last_four: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

const OPTIONS = ['surface', 'application', 'role', 'roles', 'scopes', 'name', 'expires-at', 'overlap-hours'];

export const keys: Command = {
  name: 'keys',
  usage: [
    'imprimatur keys list [--json]',
    'imprimatur keys create --surface S [--application A] [--scopes a,b] [--name N] [--expires-at T] [--json]',
    'imprimatur keys create --roles reviewer,child_safety [--name N] [--expires-at T] [--json]',
    'imprimatur keys create --role operator [--json]',
    'imprimatur keys rotate KEY_ID [--overlap-hours 24] [--json]',
    'imprimatur keys revoke KEY_ID [--json]',
  ],
  about: 'API keys. A token is shown once, when its key is made.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, OPTIONS);
    return sayFromGateway(parsed, context, (client) => act(parsed, client));
  },
};

async function act({ positionals: [action, id], json, options }: ParsedArgs, client: GatewayClient): Promise<string> {
  if (action === 'list') {
    const { data } = z.object({ data: z.array(key) }).parse(await askJson(client, 'GET', '/v1/keys'));
    return json ? JSON.stringify(data) : table(['id', 'name', 'may', 'application', 'ends in', 'last used', 'ends'], data.map(row));
  }
  if (action === 'create') return shown(await create(client, options), json);
  if (action === 'rotate' && id !== undefined) return shown(await rotate(client, id, options), json);
  if (action !== 'revoke' || id === undefined) throw new UsageError('Say list, create, rotate or revoke.');
  const revoked = await askJson(client, 'POST', `/v1/keys/${encodeURIComponent(id)}/revoke`, {});
  return json ? JSON.stringify(revoked) : `${id} is revoked.`;
}

function shown(made: unknown, json: boolean): string {
  const { token } = z.object({ token: z.string() }).parse(made);
  return json ? JSON.stringify(made) : `${token}\nKeep it now: it cannot be shown again.`;
}

type Options = Readonly<Record<string, string | undefined>>;

function create(client: GatewayClient, { roles, scopes, 'expires-at': expiresAt, 'overlap-hours': _, ...rest }: Options): Promise<unknown> {
  return askJson(client, 'POST', '/v1/keys', {
    ...rest,
    ...(roles === undefined ? {} : { roles: listed(roles) }),
    ...(scopes === undefined ? {} : { scopes: listed(scopes) }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
  });
}

function rotate(client: GatewayClient, id: string, { 'overlap-hours': hours }: Options): Promise<unknown> {
  const body = hours === undefined ? {} : { overlap_hours: Number(hours) };
  return askJson(client, 'POST', `/v1/keys/${encodeURIComponent(id)}/rotate`, body);
}

const listed = (names: string): string[] => names.split(',').map((name) => name.trim());

function row(one: z.output<typeof key>): string[] {
  const { id, name, role, roles, surface, application, last_four, last_used_at, expires_at, revoked_at } = one;
  const ends = revoked_at === null ? (expires_at ?? '–') : `revoked ${revoked_at}`;
  return [id, name || '–', role === 'operator' ? roles.join(', ') : surface, application, `…${last_four}`, last_used_at ?? '–', ends];
}
