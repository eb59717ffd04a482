import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, resolve('.'));
const host = ts.createCompilerHost(options);
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says to one file, with its text changed; every other file is parsed once. */
function complaintsAbout(path: string, change: (text: string) => string = (text) => text): string[] {
  const file = resolve(path);
  const before = readFileSync(file, 'utf8');
  const text = change(before);
  const getSourceFile: ts.CompilerHost['getSourceFile'] = (name, languageOptions) => {
    if (resolve(name) === file) return ts.createSourceFile(name, text, languageOptions, true);
    if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, languageOptions));
    return parsed.get(name);
  };
  const program = ts.createProgram([file], options, { ...host, getSourceFile });
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(file));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const without = (line: string) => (text: string) => {
  const after = text.replace(line, '');
  if (after === text) throw new Error(`src/pipeline.ts has no line ${line}`);
  return after;
};

describe('the compiler', () => {
  it('takes no forged clearance, no uncleared picture, and no policy that says yes to a failed check', () => {
    expect(complaintsAbout('src/clearance.fixture.ts')).toEqual([]);
  });

  it('takes the pipeline as it is', () => {
    expect(complaintsAbout('src/pipeline.ts')).toEqual([]);
  });

  it.each([
    ['before the model', '  if (!isCleared(prechecked)) return outcomeOf(prechecked);\n'],
    ['before the caller', '    if (!isCleared(analyzed)) return outcomeOf(analyzed);\n'],
  ])('does not take the pipeline without its gate %s', (_, gate) => {
    expect(complaintsAbout('src/pipeline.ts', without(gate)).join()).toContain('is not assignable to');
  });

  it('does not take the pipeline when what was not let in is looked at', () => {
    const past = (text: string) => text.replace('precheck(admitted,', 'precheck(submission,');
    expect(complaintsAbout('src/pipeline.ts', past).join()).toContain('is not assignable to');
  });
});
