import type { TestProject } from 'vitest/node';
import { compileTree } from '../../bench/compile-tree.ts';
import { useMemoryForTemporaryFiles } from './memory-disk.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The sources as JavaScript; see `compileTree`. */
    compiledTree: string;
  }
}

/** Before the first test; and, for `vitest --watch`, before each round: compiles what changed. @returns what runs after the last test */
export default async function setup(project: TestProject): Promise<() => void> {
  project.provide('compiledTree', await compileTree());
  project.onTestsRerun(async () => project.provide('compiledTree', await compileTree('again')));
  return useMemoryForTemporaryFiles();
}
