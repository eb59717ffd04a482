import { join } from 'node:path';
import { compileTree } from '../../bench/compile-tree.ts';

/** The path of `bin/imprimatur.mjs` over a build of the sources as they are now, laid out as in a checkout. Takes 3 s once per change. */
export async function builtGateway(): Promise<string> {
  return join(await compileTree(), 'bin/imprimatur.mjs');
}
