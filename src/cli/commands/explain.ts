import { z } from 'zod';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { askJson, withGateway } from '../gateway-client.ts';

const subject = z.looseObject({ kind: z.string(), index: z.number().optional() });
const finding = z.looseObject({
  check: z.string(),
  kind: z.string(),
  subject,
  durationMs: z.number(),
  signals: z
    .array(z.looseObject({ category: z.string(), score: z.number(), reason: z.string(), spans: z.array(z.unknown()).optional() }))
    .optional(),
  reason: z.string().optional(),
  cause: z.string().optional(),
});
const place = z.object({ leaf: z.string(), index: z.number().nullable() }).nullable();
const explanation = z.looseObject({
  generation: z.looseObject({
    id: z.string(),
    state: z.string(),
    operation: z.string(),
    surface: z.string(),
    model: z.string(),
    createdAt: z.string(),
  }),
  decisions: z.array(
    z.looseObject({
      id: z.string(),
      decidedAt: z.string(),
      caseId: z.string().nullable(),
      findings: z.array(finding),
      ledger: place,
      tree: z.string(),
    }),
  ),
  artifacts: z.array(z.looseObject({ id: z.string(), sha256: z.string().nullable(), ledger: place })),
});

type Explanation = z.output<typeof explanation>;

export const explain: Command = {
  name: 'explain',
  usage: ['imprimatur explain ID [--json]'],
  about:
    'Why a generation went as it did, by its id or that of an artifact, a decision or a case: which checks looked, what each said, the risks with what each signal adds, rules, floors, what nearly fired, and where it stands in the ledger. Shows no prompt and no picture.',
  async run(args, context) {
    const { positionals, json, config } = parseCommandLine(args, context);
    const [id] = positionals;
    if (id === undefined) throw new UsageError('Say which: the id of a generation, an artifact, a decision or a case.');
    return withGateway(config, async (client) => {
      const answer = await askJson(client, 'GET', `/v1/explanations/${encodeURIComponent(id)}`);
      context.terminal.out(json ? JSON.stringify(answer) : shown(explanation.parse(answer)));
      return EXIT.done;
    });
  },
};

function shown({ generation: { id, state, operation, surface, model, createdAt }, decisions, artifacts }: Explanation): string {
  return [
    `${id}  ${state}: ${operation} on ${surface} by ${model}, ${createdAt}`,
    ...decisions.map(decisionShown),
    ...artifacts.map((one) => `${one.id}  ${one.sha256 === null ? 'not published' : `sha256 ${one.sha256}`}${ledgerShown(one.ledger)}`),
  ].join('\n\n');
}

function decisionShown({ id, decidedAt, caseId, findings, ledger, tree }: Explanation['decisions'][number]): string {
  return [
    `${id}  ${decidedAt}${caseId === null ? '' : `, ${caseId}`}${ledgerShown(ledger)}`,
    tree,
    ...(findings.length === 0 ? [] : ['looked:', ...findings.map((one) => `  ${findingShown(one)}`)]),
  ].join('\n');
}

function findingShown({ check, subject: about, durationMs, ...said }: z.output<typeof finding>): string {
  const who = `${check} at ${about.kind.replace('_', ' ')}${about.index === undefined ? '' : ` ${about.index + 1}`} (${durationMs.toFixed(1)} ms)`;
  if (said.kind === 'failed') return `${who}: could not tell, ${said.cause ?? 'unknown'}`;
  if (said.kind === 'abstained') return `${who}: abstained, ${said.reason ?? 'unknown'}`;
  const signals = (said.signals ?? []).map(({ category, score, reason, spans = [] }) => {
    const places = spans.length === 0 ? '' : ` in ${spans.length} ${spans.length === 1 ? 'place' : 'places'}`;
    return `${category} ${score.toFixed(3)} (${reason}${places})`;
  });
  return `${who}: ${signals.join(', ') || 'nothing'}`;
}

function ledgerShown(at: z.output<typeof place>): string {
  if (at === null) return '';
  return at.index === null ? `, on its way into the ledger as ${at.leaf}` : `, entry ${at.index} of the ledger`;
}
