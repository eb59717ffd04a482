import { z } from 'zod';
import { OPT_OUT_MATTERS } from '../../registries/opt-outs/opt-out.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { askJson, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const OWN = ['name', 'aliases', 'what', 'works', 'reference', 'until'];
const optOut = z.looseObject({ id: z.string(), name: z.string(), what: z.array(z.string()), expires_at: z.string().nullable() });

export const optOuts: Command = {
  name: 'opt-outs',
  usage: [
    `imprimatur opt-outs add --name NAME --what ${OPT_OUT_MATTERS.join(',')} --reference TEXT [--aliases 'A; B'] [--works 'TITLE; TITLE'] [--until DATE] [--json]`,
    'imprimatur opt-outs list [--json]',
    'imprimatur opt-outs remove ID [--json]',
  ],
  about:
    'Artists and rights-holders who want to be left alone. A prompt that names one, or a work, is held or refused as the policy says about "ip"; training sets are curated without their pictures. A change is in force at once and stands in the ledger.',
  async run(args, context) {
    const { positionals, json, options, config } = parseCommandLine(args, context, OWN);
    const [action, id, ...more] = positionals;
    const { out } = context.terminal;
    if (!['add', 'list', 'remove'].includes(action ?? '') || more.length > 0 || (action === 'remove') !== (id !== undefined))
      throw new UsageError('Say add, list, or remove and an id.');
    const wish = action === 'add' ? newOptOut(options) : undefined;
    return withGateway(config, async (client) => {
      if (wish !== undefined) {
        const added = optOut.parse(await askJson(client, 'POST', '/v1/opt-outs', wish));
        out(json ? JSON.stringify(added) : `${added.id} is in force.`);
      } else if (id === undefined) {
        const { data } = z.object({ data: z.array(optOut) }).parse(await askJson(client, 'GET', '/v1/opt-outs'));
        const rows = data.map((one) => [one.id, one.name, one.what.join(', '), one.expires_at ?? '']);
        out(json ? JSON.stringify(data) : table(['opt-out', 'who', 'of what', 'until'], rows));
      } else {
        const removed = await askJson(client, 'DELETE', `/v1/opt-outs/${encodeURIComponent(id)}`);
        out(json ? JSON.stringify(removed) : `${id} is removed.`);
      }
      return EXIT.done;
    });
  },
};

function newOptOut({ name, what, reference, aliases, works, until }: Readonly<Record<string, string | undefined>>) {
  if (name === undefined || what === undefined || reference === undefined)
    throw new UsageError('Say --name, --what, and by --reference where the wish is written down.');
  return {
    name,
    what: listIn(what, ','),
    reference,
    aliases: listIn(aliases ?? '', ';'),
    works: listIn(works ?? '', ';'),
    ...(until === undefined ? {} : { expires_at: until }),
  };
}

function listIn(text: string, between: string): readonly string[] {
  return text
    .split(between)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
