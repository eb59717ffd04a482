import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLocalChecks } from '../../compose/local-checks.ts';
import { policyPath } from '../../packs.ts';
import { readCases } from '../../policy/case-file.ts';
import { caseInput, readCaseFiles, runCases } from '../../policy/cases.ts';
import { checkPolicy } from '../../policy/check-policy.ts';
import { compilePolicy } from '../../policy/compile.ts';
import { explain } from '../../policy/explain.ts';
import { formatProblems } from '../../policy/policy-problem.ts';
import { formatPolicyRef } from '../../policy/policy-ref.ts';
import { type Command, type CommandContext, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';

export const policy: Command = {
  name: 'policy',
  usage: [
    'imprimatur policy check [PACK|FILE] [--json]',
    'imprimatur policy test [PACK|FILE] [--cases DIR] [--json]',
    'imprimatur policy explain [PACK|FILE] --case NAME [--cases DIR]',
  ],
  about:
    'Policies. "check" reads one and names every problem with its line; "test" runs its cases; "explain" shows what led to the decision of a case.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, ['cases', 'case']);
    const [action, named] = parsed.positionals;
    const path = policyPath(named ?? parsed.config.values.policy);
    return withLocalChecks(parsed.config, async (checks) => {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`${path}: ${error.code ?? 'cannot be read'}`);
      });
      const checked = checkPolicy(text, { knownChecks: checks, surfaces: parsed.config.values.surfaces });
      if (checked.kind !== 'valid') {
        context.terminal.out(parsed.json ? JSON.stringify(checked) : formatProblems(checked.problems, path));
        return EXIT.no;
      }
      const compiled = compilePolicy(checked.document, { checks });
      if (action === 'check') {
        context.terminal.out(
          parsed.json
            ? JSON.stringify({ ok: true, ...compiled.ref })
            : `${formatPolicyRef(compiled.ref)} is good: ${compiled.checks.length} checks, ${compiled.document.rules.length} rules.`,
        );
        return EXIT.done;
      }
      const folder = parsed.options['cases'] ?? join(dirname(path), 'cases');
      if (action === 'test') return await test(compiled, folder, parsed, context);
      if (action === 'explain') return await explainCase(compiled, folder, parsed, context);
      throw new UsageError('Say check, test or explain.');
    });
  },
};

type Compiled = ReturnType<typeof compilePolicy>;

async function test(compiled: Compiled, folder: string, { json }: ParsedArgs, { terminal }: CommandContext): Promise<number> {
  const results = runCases(compiled, await readCaseFiles(folder));
  const bad = results.filter(({ differences }) => differences.length > 0);
  if (json) terminal.out(JSON.stringify(results));
  else
    terminal.out(
      [
        ...bad.map(({ file, line, name, differences }) => `${file}:${line} ${name}\n${differences.map((one) => `  ${one}`).join('\n')}`),
        `${results.length - bad.length} of ${results.length} cases hold.`,
      ].join('\n'),
    );
  return bad.length === 0 && results.length > 0 ? EXIT.done : EXIT.no;
}

async function explainCase(compiled: Compiled, folder: string, { options }: ParsedArgs, { terminal }: CommandContext): Promise<number> {
  const wanted = options['case'];
  for (const { text } of await readCaseFiles(folder)) {
    const read = readCases(text);
    if (read.kind !== 'cases') continue;
    const found = read.cases.find(({ name }) => name === wanted);
    if (found === undefined) continue;
    if ('upload' in found) {
      const { action, reasons } = compiled.judgeUpload(found.upload);
      terminal.out(
        [action, ...reasons.map((reason) => `  ${reason.situation}: ${reason.action}${reason.floor ? ' (a floor)' : ''}`)].join('\n'),
      );
    } else terminal.out(explain(compiled.trace(caseInput(compiled, found))));
    return EXIT.done;
  }
  throw new UsageError(`There is no case "${wanted ?? ''}" in ${folder}.`);
}
