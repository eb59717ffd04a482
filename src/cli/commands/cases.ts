import { z } from 'zod';
import { type Command, type CommandContext, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const reviewCase = z.looseObject({
  id: z.string(),
  kind: z.string(),
  generation_id: z.string().nullable(),
  upload_id: z.string().nullable(),
  stage: z.string().nullable(),
  status: z.string(),
  queue: z.string(),
  opened_at: z.string(),
});
const dossier = reviewCase.extend({
  categories: z.array(z.string()),
  first_due_at: z.string().nullable(),
  why: z.array(z.looseObject({ rule: z.string(), description: z.string().nullable() })),
  second_review: z.looseObject({ why: z.string() }).nullable(),
  history: z.array(z.object({ at: z.string(), by: z.string(), act: z.string() })),
});

/** How a decision is asked for, and what is said once it is made. */
const DECISIONS: Readonly<Record<string, string>> = { release: 'released', block: 'blocked', label: 'released', escalate: 'escalated' };
const OPTIONS = ['status', 'queue', 'kind', 'policy', 'reason', 'note', 'to'];

type Act = (id: string, asked: ParsedArgs, client: GatewayClient) => Promise<{ readonly answer: unknown; readonly text: string }>;

const show: Act = async (id, _, client) => {
  const answer = dossier.parse(await askJson(client, 'GET', path(id)));
  const { kind, status, queue, categories, why, second_review: second, first_due_at: due, history } = answer;
  const facts = [
    ['case', id],
    ['kind', kind],
    ['status', status],
    ['queue', queue],
    ['categories', categories.join(', ')],
    ['due', due ?? ''],
    ['second person', second?.why ?? 'not needed'],
    ...why.map(({ rule, description }) => ['held by', description === null ? rule : `${rule}: ${description}`]),
    ...history.map(({ at, by, act }) => [at, `${act} by ${by}`]),
  ];
  return { answer, text: table(['', ''], facts) };
};

const claim: Act = async (id, _, client) => {
  const answer = z.looseObject({ until: z.string() }).parse(await askJson(client, 'POST', `${path(id)}/claim`, {}));
  return { answer, text: `${id} is yours until ${answer.until}.` };
};

function decide(decision: string): Act {
  return async (id, { options }, client) => {
    const reasons = options['reason']?.split(',') ?? [];
    const said = { decision, policy: options['policy'], reasons, note: options['note'], escalate_to: options['to'] };
    const answer = z.looseObject({ status: z.string() }).parse(await askJson(client, 'POST', `${path(id)}/decisions`, said));
    const isWaiting = answer.status === 'open' || (answer.status === 'escalated' && decision !== 'escalate');
    return { answer, text: isWaiting ? `Noted. A second person has to look at ${id} too.` : `${id} is ${DECISIONS[decision]}.` };
  };
}

const path = (id: string) => `/v1/cases/${encodeURIComponent(id)}`;

const ACTS: ReadonlyMap<string, Act> = new Map([
  ['show', show],
  ['claim', claim],
  ...Object.keys(DECISIONS).map((decision): [string, Act] => [decision, decide(decision)]),
]);

async function list({ options, json }: ParsedArgs, client: GatewayClient, { terminal }: CommandContext): Promise<void> {
  const { queue, kind, status = 'open' } = options;
  const query = new URLSearchParams({ status, ...(queue === undefined ? {} : { queue }), ...(kind === undefined ? {} : { kind }) });
  const { data } = z.object({ data: z.array(reviewCase) }).parse(await askJson(client, 'GET', `/v1/cases?${query}`));
  const rows = data.map((one) => [
    one.id,
    one.stage ?? one.kind,
    one.status,
    one.queue,
    one.opened_at,
    one.generation_id ?? one.upload_id ?? '',
  ]);
  terminal.out(json ? JSON.stringify(data) : table(['case', 'held at', 'status', 'queue', 'opened', 'about'], rows));
}

export const cases: Command = {
  name: 'cases',
  usage: [
    'imprimatur cases list [--status open|released|blocked|escalated|closed] [--queue QUEUE] [--kind KIND] [--json]',
    'imprimatur cases show CASE_ID [--json]',
    'imprimatur cases claim CASE_ID [--json]',
    'imprimatur cases release|label|block CASE_ID [--policy NAME] [--reason CODE,…] [--note TEXT] [--json]',
    'imprimatur cases escalate CASE_ID --to senior|legal|law_enforcement|incident [--note TEXT] [--json]',
  ],
  about:
    'What is held for a person, generations and files of platforms: list, look, decide. A released picture is marked, signed and logged like any other.',
  async run(args, context) {
    const asked = parseCommandLine(args, context, OPTIONS);
    const [action = '', id] = asked.positionals;
    const act = ACTS.get(action);
    if (action !== 'list' && (act === undefined || id === undefined)) throw new UsageError('Say list, or what to do with which case.');
    return withGateway(asked.config, async (client) => {
      if (act === undefined || id === undefined) await list(asked, client, context);
      else {
        const { answer, text } = await act(id, asked, client);
        context.terminal.out(asked.json ? JSON.stringify(answer) : text);
      }
      return EXIT.done;
    });
  },
};
