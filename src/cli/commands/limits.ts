import { z } from 'zod';
import { type Command, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { agreed, askJson, type GatewayClient, sayFromGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const shown = z.looseObject({
  id: z.string(),
  what: z.string(),
  per: z.array(z.string()),
  when: z.record(z.string(), z.unknown()),
  limit: z.number(),
  window: z.union([z.number(), z.string()]),
  version: z.number(),
  source: z.string(),
  use: z.object({ used: z.number(), remaining: z.number(), resets_at: z.string() }).nullish(),
});
type Shown = z.output<typeof shown>;

const WHO = ['application', 'user', 'key', 'surface', 'model', 'operation', 'tier'] as const;
const OWN = [...WHO, 'per', 'warn-at', 'version', 'reason', 'tightened'] as const;

export const limits: Command = {
  name: 'limits',
  usage: [
    'imprimatur limits list [--application NAME] [--user ID] [--key KEY_ID] [--surface NAME] [--model NAME] [--operation NAME] [--tier TIER] [--json]',
    'imprimatur limits set ID requests|images|cost LIMIT SECONDS|day|month [--per user,key,application,surface,capability,tier] [--application NAME] [--key KEY_ID] [--surface NAME] [--model NAME] [--operation NAME] [--tier TIER] [--tightened yes] [--warn-at SHARE] [--reason TEXT] [--json]',
    'imprimatur limits remove ID [--reason TEXT]',
  ],
  about:
    'Rate limits and budgets. With list, options say whose use is shown; with set, they say what the limit counts. A limit that is there is replaced, and what was counted stays counted.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, OWN);
    return sayFromGateway(parsed, context, (client) => act(parsed, client));
  },
};

async function act({ positionals: [action, id, ...rest], json, options }: ParsedArgs, client: GatewayClient): Promise<string> {
  if (action === 'list') {
    const found = await list(client, options);
    return json ? JSON.stringify(found) : table(['limit', 'at most', 'per', 'counts', 'version', 'used'], found.map(rowOf));
  }
  if (action === 'set' && id !== undefined) {
    const before = (await list(client, {})).find((one) => one.id === id);
    const body = { ...written(rest, options), version: before?.version ?? 0 };
    const after = shown.parse(await askJson(client, 'PUT', `/v1/limits/${encodeURIComponent(id)}`, body));
    return json ? JSON.stringify(after) : `${id} has version ${after.version}.`;
  }
  if (action !== 'remove' || id === undefined) throw new UsageError('Say list, set with a name and what it limits, or remove with a name.');
  const why = options['reason'] === undefined ? '' : `?reason=${encodeURIComponent(options['reason'])}`;
  agreed(await client.request('DELETE', `/v1/limits/${encodeURIComponent(id)}${why}`));
  return `${id} is gone.`;
}

type Options = Readonly<Record<string, string | undefined>>;

async function list(client: GatewayClient, options: Options): Promise<readonly Shown[]> {
  const query = new URLSearchParams();
  for (const name of WHO) if (options[name] !== undefined) query.set(name, options[name]);
  return z.object({ data: z.array(shown) }).parse(await askJson(client, 'GET', `/v1/limits?${query}`)).data;
}

/** What stands on the command line; the gateway says what is wrong with it. */
function written([what, limit, window]: readonly string[], options: Options) {
  if (what === undefined || limit === undefined || window === undefined)
    throw new UsageError('Say what is limited (requests, images or cost), to how many, and in which time.');
  const { tightened, reason, per, 'warn-at': warnAt } = options;
  const when = Object.fromEntries(
    WHO.filter((name) => name !== 'user' && options[name] !== undefined).map((name) => [name, options[name]]),
  );
  return {
    what,
    limit: Number(limit),
    window: /^\d+$/.test(window) ? Number(window) : window,
    when: tightened === undefined ? when : { ...when, tightened: tightened === 'yes' },
    ...(per === undefined ? {} : { per: per.split(',') }),
    ...(warnAt === undefined ? {} : { warn_at: Number(warnAt) }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function rowOf({ id, what, per, when, limit, window, version, source, use }: Shown): string[] {
  const over = typeof window === 'number' ? `${window} s` : window;
  const counted = Object.entries(when).map(([name, value]) => `${name}=${String(value)}`);
  const used = use == null ? '' : `${use.used}, ${use.remaining} left`;
  return [
    id,
    `${limit} ${what} / ${over}`,
    per.join(', ') || 'everything',
    counted.join(', ') || 'all',
    source === 'config' ? 'file' : String(version),
    used,
  ];
}
