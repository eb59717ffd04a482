import { z } from 'zod';
import { type Command, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const standing = z.looseObject({
  pseudonym: z.string(),
  application: z.string(),
  standing: z.string(),
  measures: z.array(
    z.looseObject({
      id: z.string(),
      action: z.string(),
      in_force: z.boolean(),
      until: z.string().nullable(),
      reasons: z.array(z.string()),
      by: z.string().nullable(),
      at: z.string(),
      lifted: z.looseObject({ at: z.string() }).nullable(),
    }),
  ),
});

const ACTIONS: readonly string[] = ['warn', 'strike', 'step_up'];

export const users: Command = {
  name: 'users',
  usage: [
    'imprimatur users standing PSEUDONYM [--json]',
    'imprimatur users warn|strike|step_up PSEUDONYM --reason TEXT [--json]',
    'imprimatur users lift PSEUDONYM --reason TEXT [--measure ID] [--json]',
  ],
  about:
    'How an end user stands, by the pseudonym that a case shows: warns them, notes a strike, has them verified before their next picture, or ends what stands in their way. Who is limited, suspended or banned is decided on a case.',
  async run(args, context) {
    const line = parseCommandLine(args, context, ['reason', 'measure']);
    const act = actOf(line);
    return withGateway(line.config, async (client) => {
      const found = standing.parse(await act(client));
      context.terminal.out(line.json ? JSON.stringify(found) : tell(found));
      return EXIT.done;
    });
  },
};

/** @throws UsageError */
function actOf({ positionals: [action = '', pseudonym, ...more], options }: ParsedArgs): (client: GatewayClient) => Promise<unknown> {
  const path = `/v1/users/${encodeURIComponent(pseudonym ?? '')}/standing`;
  const { reason, measure } = options;
  if (pseudonym === undefined || more.length > 0) throw new UsageError('Say what, and the pseudonym of the user.');
  if (action === 'standing') return (client) => askJson(client, 'GET', path);
  if (reason === undefined) throw new UsageError('Say why: --reason TEXT.');
  if (ACTIONS.includes(action)) return (client) => askJson(client, 'POST', path, { action, reason });
  if (action !== 'lift') throw new UsageError(`Say standing, ${ACTIONS.join(', ')} or lift.`);
  return (client) => askJson(client, 'POST', `${path}/lift`, { reason, ...(measure === undefined ? {} : { measure }) });
}

function tell({ pseudonym, application, standing: word, measures }: z.output<typeof standing>): string {
  const rows = measures.map((one) => [one.id, one.action, stateOf(one), one.at, one.by ?? '', one.reasons.join('; ')]);
  return `${pseudonym} of ${application}: ${word.replaceAll('_', ' ')}\n\n${table(['measure', 'what', 'state', 'since', 'by', 'why'], rows)}`;
}

function stateOf({ in_force: isInForce, until, lifted }: z.output<typeof standing>['measures'][number]): string {
  if (lifted !== null) return `lifted ${lifted.at}`;
  if (!isInForce) return 'over';
  return until === null ? 'in force' : `until ${until}`;
}
