import { z } from 'zod';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { askJson, connectGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const reviewCase = z.looseObject({
  id: z.string(),
  generation_id: z.string().nullable(),
  upload_id: z.string().nullable(),
  stage: z.string(),
  status: z.string(),
  opened_at: z.string(),
});

export const cases: Command = {
  name: 'cases',
  usage: [
    'imprimatur cases list [--status open|released|blocked] [--json]',
    'imprimatur cases release CASE_ID [--json]',
    'imprimatur cases block CASE_ID [--json]',
  ],
  about:
    'What is held for a person, generations and files of platforms: list, release or block it. A released picture is marked, signed and logged like any other.',
  async run(args, context) {
    const { positionals, json, options, config } = parseCommandLine(args, context, ['status']);
    const [action, id] = positionals;
    const client = await connectGateway(config);
    const { out } = context.terminal;
    try {
      if (action === 'list') {
        const { data } = z
          .object({ data: z.array(reviewCase) })
          .parse(await askJson(client, 'GET', `/v1/cases?status=${options['status'] ?? 'open'}`));
        const rows = data.map((one) => [one.id, one.stage, one.status, one.opened_at, one.generation_id ?? one.upload_id ?? '']);
        out(json ? JSON.stringify(data) : table(['case', 'held at', 'status', 'opened', 'about'], rows));
      } else if ((action === 'release' || action === 'block') && id !== undefined) {
        const decided = await askJson(client, 'POST', `/v1/cases/${encodeURIComponent(id)}/decisions`, { decision: action });
        out(json ? JSON.stringify(decided) : `${id} is ${action === 'release' ? 'released' : 'blocked'}.`);
      } else {
        throw new UsageError('Say list, release or block.');
      }
      return EXIT.done;
    } finally {
      await client.close();
    }
  },
};
