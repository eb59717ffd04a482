import { z } from 'zod';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { askJson, connectGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const key = z.looseObject({
  id: z.string(),
  role: z.string(),
  application: z.string(),
  surface: z.string(),
  last_four: z.string(),
  created_at: z.string(),
  revoked_at: z.string().nullable(),
});

export const keys: Command = {
  name: 'keys',
  usage: [
    'imprimatur keys list [--json]',
    'imprimatur keys create --surface S [--application A] [--json]',
    'imprimatur keys create --role operator [--json]',
    'imprimatur keys revoke KEY_ID [--json]',
  ],
  about: 'API keys. A token is shown once, when its key is made.',
  async run(args, context) {
    const { positionals, json, options, config } = parseCommandLine(args, context, ['surface', 'application', 'role']);
    const [action, id] = positionals;
    const client = await connectGateway(config);
    const { out } = context.terminal;
    try {
      if (action === 'list') {
        const { data } = z.object({ data: z.array(key) }).parse(await askJson(client, 'GET', '/v1/keys'));
        out(json ? JSON.stringify(data) : table(['id', 'role', 'surface', 'application', 'ends in', 'made', 'revoked'], data.map(row)));
      } else if (action === 'create') {
        const made = await askJson(client, 'POST', '/v1/keys', { ...options });
        const { token } = z.object({ token: z.string() }).parse(made);
        out(json ? JSON.stringify(made) : `${token}\nKeep it now: it cannot be shown again.`);
      } else if (action === 'revoke' && id !== undefined) {
        const revoked = await askJson(client, 'POST', `/v1/keys/${encodeURIComponent(id)}/revoke`, {});
        out(json ? JSON.stringify(revoked) : `${id} is revoked.`);
      } else {
        throw new UsageError('Say list, create or revoke.');
      }
      return EXIT.done;
    } finally {
      await client.close();
    }
  },
};

function row({ id, role, surface, application, last_four, created_at, revoked_at }: z.output<typeof key>): string[] {
  return [id, role, surface, application, `…${last_four}`, created_at, revoked_at ?? '–'];
}
