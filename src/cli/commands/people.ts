import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PERSON_LISTS } from '../../registries/people/person.ts';
import { codeOf } from '../collect-files.ts';
import { type Command, type CommandContext, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { agreed, askJson, type GatewayClient, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const SCOPE = ['purposes', 'surfaces', 'applications', 'regions'] as const;
const OWN = ['list', 'name', ...SCOPE, 'until', 'evidence', 'reference', 'same-as', 'distinct'];
const LISTS = PERSON_LISTS.join('|');

const entry = z.looseObject({ id: z.string(), list: z.string(), expires_at: z.string().nullable(), revoked_at: z.string().nullable() });
const person = z.looseObject({ id: z.string(), faces: z.number(), entries: z.array(entry) });
const added = person.extend({ warnings: z.array(z.string()) });
const everybody = z.object({ scale: z.looseObject({ warning: z.string().nullable() }), data: z.array(person) });
const found = z.looseObject({
  faces: z.array(z.looseObject({ matches: z.array(z.object({ person: z.string(), distance: z.number(), lists: z.array(z.string()) })) })),
});

export const people: Command = {
  name: 'people',
  usage: [
    `imprimatur people add PICTURE… --list ${LISTS} [--name NAME] [--purposes edit,generate] [--surfaces S,…] [--applications A,…] [--regions DE,…] [--until DATE] [--evidence FILE] [--reference TEXT] [--same-as ID] [--distinct ID,…] [--json]`,
    'imprimatur people list [--json]',
    'imprimatur people name ID [--json]',
    'imprimatur people revoke PERSON_ID|ENTRY_ID [--json]',
    'imprimatur people remove ID [--json]',
    'imprimatur people match PICTURE [--json]',
  ],
  about:
    'Who may be shown, and who may not: people who agreed, who are protected, or who asked not to be shown, recognized by their faces. Pictures are not kept, faces and names are sealed and never told. A consent that is taken back counts for nothing from then on. Each change, and each look, stands in the ledger.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, OWN);
    const [action = '', ...subjects] = parsed.positionals;
    const run = ACTIONS[action];
    if (run === undefined) throw new UsageError('Say add, list, name, revoke, remove or match.');
    return withGateway(parsed.config, async (client) => {
      await run({ ...parsed, client, subjects, context });
      return EXIT.done;
    });
  },
};

interface Wish extends ParsedArgs {
  readonly client: GatewayClient;
  readonly subjects: readonly string[];
  readonly context: CommandContext;
}

const ACTIONS: Readonly<Record<string, (wish: Wish) => Promise<void>>> = { add, list, name, revoke, remove, match };

async function add({ client, subjects, options, json, context: { terminal } }: Wish) {
  const wanted = PERSON_LISTS.find((one) => one === options['list']);
  if (wanted === undefined) throw new UsageError(`Say on which list: --list ${LISTS}.`);
  const scope = Object.fromEntries(SCOPE.flatMap((key) => (options[key] === undefined ? [] : [[key, listIn(options[key])]])));
  const document = options['evidence'] === undefined ? {} : { document: (await bytesOf(options['evidence'])).toString('base64') };
  const reference = options['reference'] === undefined ? {} : { reference: options['reference'] };
  const answer = await askJson(client, 'POST', '/v1/people', {
    list: wanted,
    pictures: (await Promise.all(subjects.map(bytesOf))).map((bytes) => bytes.toString('base64')),
    name: options['name'],
    ...(Object.keys(scope).length === 0 ? {} : { scope: { purposes: [], ...scope } }),
    expires_at: options['until'],
    evidence: { ...reference, ...document },
    same_as: options['same-as'],
    distinct_from: listIn(options['distinct'] ?? ''),
  });
  const { id, faces, warnings } = added.parse(answer);
  terminal.out(json ? JSON.stringify(answer) : `${id} is on the list ${wanted}, with ${faces} ${faces === 1 ? 'face' : 'faces'}.`);
  for (const warning of warnings) terminal.err(warning);
}

async function list({ client, json, context: { terminal } }: Wish) {
  const answer = everybody.parse(await askJson(client, 'GET', '/v1/people'));
  const rows = answer.data.flatMap(({ id, faces, entries }) =>
    entries.map((one) => [id, one.id, one.list, String(faces), one.expires_at ?? '', one.revoked_at ?? '']),
  );
  terminal.out(json ? JSON.stringify(answer) : table(['person', 'entry', 'list', 'faces', 'until', 'revoked'], rows));
  if (answer.scale.warning !== null) terminal.err(answer.scale.warning);
}

async function name(wish: Wish) {
  const answer = z.object({ name: z.string().nullable() }).parse(await askJson(wish.client, 'GET', `${pathOf(wish)}/name`));
  wish.context.terminal.out(wish.json ? JSON.stringify(answer) : (answer.name ?? 'No name was given.'));
}

async function revoke(wish: Wish) {
  const answer = person.parse(await askJson(wish.client, 'POST', `${pathOf(wish)}/revoke`));
  wish.context.terminal.out(wish.json ? JSON.stringify(answer) : `${wish.subjects[0]} is revoked, from now on and everywhere.`);
}

async function remove(wish: Wish) {
  const answer = z.looseObject({ is_key_destroyed: z.boolean() }).parse(await askJson(wish.client, 'DELETE', pathOf(wish)));
  const rest = answer.is_key_destroyed ? 'no copy of their data opens any more' : 'their key could not be destroyed yet; it is tried again';
  wish.context.terminal.out(wish.json ? JSON.stringify(answer) : `${wish.subjects[0]} is removed; ${rest}.`);
}

async function match({ client, subjects: [path = '', ...more], json, context: { terminal } }: Wish) {
  if (path === '' || more.length > 0) throw new UsageError('Name one picture.');
  const body = { type: 'application/octet-stream', bytes: await bytesOf(path) };
  const answer = found.parse(JSON.parse(agreed(await client.request('POST', '/v1/people/match', body)).toString()));
  const rows = answer.faces.flatMap(({ matches }, at) =>
    matches.map((one) => [`face ${at + 1}`, one.person, one.distance.toFixed(2), one.lists.join(', ')]),
  );
  const nobody = answer.faces.length === 0 ? 'There is no face in this picture.' : 'Nobody of the register is in this picture.';
  terminal.out(json ? JSON.stringify(answer) : rows.length === 0 ? nobody : table(['face', 'person', 'distance', 'lists'], rows));
}

function pathOf({ subjects: [id = '', ...more] }: Wish): string {
  if (id === '' || more.length > 0) throw new UsageError('Say whom, by one id.');
  return `/v1/people/${encodeURIComponent(id)}`;
}

function listIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

async function bytesOf(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw new UsageError(`${path}: ${codeOf(error)}`);
  });
}
