import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initialize } from '../../src/storage/embedded/initialize.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Another engine, or another way to make a cluster, is another template. */
function templateDir(): string {
  const madeBy = ['package-lock.json', 'src/storage/embedded/initialize.ts', 'src/storage/embedded/initdb-child.ts'];
  const hash = createHash('sha256');
  for (const path of madeBy) hash.update(readFileSync(join(ROOT, path)));
  return join(ROOT, 'node_modules/.cache', `test-cluster-${hash.digest('hex').slice(0, 16)}`);
}

/**
 * Puts an empty database cluster, without any of our tables, where the gateway would make one. Making one takes four seconds and copying
 * it 60 ms (measured); that a gateway makes its own is what `cli.test.ts` starts one for.
 */
export async function plantCluster(databaseDir: string): Promise<void> {
  const template = templateDir();
  if (!existsSync(template)) {
    const unfinished = `${template}.${randomBytes(4).toString('hex')}`;
    mkdirSync(unfinished, { recursive: true });
    await initialize(unfinished);
    try {
      renameSync(unfinished, template);
    } catch (error) {
      // Another test file was faster.
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(template)) throw error;
    }
  }
  mkdirSync(dirname(databaseDir), { recursive: true, mode: 0o700 });
  cpSync(template, databaseDir, { recursive: true });
}
