import { withLocalChecks } from '../../compose/local-checks.ts';
import { configuredPolicy } from '../../compose/policy-runner.ts';
import { explainPrompt, type PromptExplanation } from '../../explain-prompt.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';

const OPERATIONS = ['generate', 'edit', 'variation'] as const;

export const prompt: Command = {
  name: 'prompt',
  usage: ['imprimatur prompt explain TEXT [--surface NAME] [--operation generate|edit|variation] [--language CODE] [--json]'],
  about:
    'Why a prompt is allowed, held or blocked: which check said what about which words, tricks undone, the rules that fired, and what the end user is told. Needs no running gateway, writes nothing down. Exit code 1 when the prompt would not pass.',
  async run(args, context) {
    const { positionals, json, options, config } = parseCommandLine(args, context, ['surface', 'operation', 'language']);
    const [action, text] = positionals;
    const operation = OPERATIONS.find((one) => one === (options['operation'] ?? 'generate'));
    if (action !== 'explain' || text === undefined || positionals.length > 2) throw new UsageError('Say explain and one text, in quotes.');
    if (operation === undefined) throw new UsageError(`--operation is one of ${OPERATIONS.join(', ')}.`);
    return withLocalChecks(config, async (available) => {
      const { policy, runner } = await configuredPolicy(config, available);
      const { language, surface = config.values.surfaces[0] ?? 'api' } = options;
      const question = { prompt: text, surface, operation, ...(language === undefined ? {} : { language }) };
      const explanation = await explainPrompt(question, { checks: runner, policy });
      const { tree: _tree, ...data } = explanation;
      context.terminal.out(json ? JSON.stringify(data) : describe(text, explanation));
      return explanation.decision === 'allow' || explanation.decision === 'label' ? EXIT.done : EXIT.no;
    });
  },
};

function describe(text: string, { tree, signals, tricks, told }: PromptExplanation): string {
  const said = signals.map(({ category, score, reason, places }) => {
    const words = places.map((place) => `«${place.text}»`).join(' ');
    return `  ${score.toFixed(2)}  ${category}  ${reason}${words === '' ? '' : `  ${words}`}`;
  });
  const undone = tricks.map(({ kind, text: hidden }) => `  ${kind.replaceAll('_', ' ')}  «${hidden}»`);
  return [
    tree,
    ...section('what was found', said),
    ...section('tricks undone', undone),
    ...section('what the end user is told', told === null ? [] : [`  ${told.text}`]),
    ...(text.length === 0 ? ['', 'The text is empty.'] : []),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
