import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { DeclinedError, EXIT, type ParsedArgs, type Terminal, UsageError } from '../command.ts';
import { askJson, type GatewayClient, messageOf } from '../gateway-client.ts';
import { table } from '../table.ts';

const proposal = z.looseObject({
  id: z.string(),
  category: z.string(),
  term: z.string(),
  state: z.string(),
  confirmed: z.int(),
  callers: z.int(),
  benign: z.int(),
  z: z.number(),
});
const list = z.object({ data: z.array(proposal) });
const searched = z.object({ examples: z.int(), unreadable: z.int(), traffic: z.int(), added: z.int() });

/** Words that confirmed cases share: look for them, decide about them, take the accepted ones away as a rules file. */
export async function proposals(client: GatewayClient, { positionals, json }: ParsedArgs, { out }: Terminal): Promise<number> {
  const [, action = 'list', named] = positionals;
  const say = (data: unknown, words: string) => out(json ? JSON.stringify(data) : words);
  if (action === 'list') {
    const { data } = list.parse(await askJson(client, 'GET', '/v1/prompt-proposals'));
    say(data, table(HEADING, data.map(row)));
  } else if (action === 'find') {
    const found = searched.parse(await askJson(client, 'POST', '/v1/prompt-proposals', {}));
    const about = `${found.examples} decided prompts (${found.unreadable} unreadable) and ${found.traffic} published ones`;
    say(found, `${found.added} new proposals from ${about}.`);
  } else if ((action === 'accept' || action === 'reject') && named !== undefined) {
    const path = `/v1/prompt-proposals/${encodeURIComponent(named)}/decisions`;
    say(await askJson(client, 'POST', path, { decision: action }), `${named} is ${action}ed.`);
  } else if (action === 'export' && named !== undefined) {
    await writeFile(named, await acceptedRules(client));
    say({ path: named }, `${named} holds the accepted words; name it in the setting promptRules.`);
  } else {
    throw new UsageError('Say list, find, accept ID, reject ID or export FILE.');
  }
  return EXIT.done;
}

const HEADING = ['proposal', 'state', 'category', 'words', 'cases', 'callers', 'harmless', 'z'];

function row({ id, state, category, term, confirmed, callers, benign, z: strength }: z.output<typeof proposal>): string[] {
  return [id, state, category, term, confirmed, callers, benign, strength.toFixed(1)].map(String);
}

async function acceptedRules(client: GatewayClient): Promise<Buffer> {
  const { status, body } = await client.request('GET', '/v1/prompt-proposals/rules');
  if (status === 200) return body;
  throw new DeclinedError(messageOf(JSON.parse(body.toString())));
}
