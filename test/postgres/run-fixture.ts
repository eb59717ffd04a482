import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileTree, ROOT } from '../../bench/compile-tree.ts';

/** A TypeScript program of ours in a process of its own. */
export interface Running {
  readonly process: ChildProcess;
  /** Its lines so far. */
  readonly lines: readonly string[];
  /** Resolves to the first line that matches; rejects when the program ends without it. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves when it has ended and its output was read. */
  ended: Promise<void>;
}

async function compiledPath(source: URL): Promise<string> {
  return join(await compileTree(), relative(ROOT, fileURLToPath(source)).replace(/\.ts$/, '.js'));
}

/** Starts the fixture, compiled; `through` is a program and its arguments that start it in turn, such as strace. */
export async function runFixture(url: URL, args: readonly string[], through: readonly string[] = []): Promise<Running> {
  const [command = '', ...rest] = [...through, process.execPath, await compiledPath(url), ...args];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(() => undefined);
  return {
    process: child,
    lines,
    ended,
    line(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        reader.on('line', look);
        look();
        void ended.then(() => reject(new Error(`The program ended without saying ${pattern}; it said: ${lines.slice(-5).join(' | ')}`)));
      });
    },
  };
}
