/**
 * A process that waits for a line on its standard input and then tries to take the data directory given as argument. It
 * says `won` and holds it, or `lost` with the reason. With `file` as second argument it takes the lock file only, as two
 * containers do that do not see each other's abstract sockets.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { lockDataDir } from './data-lock.ts';
import { takeLockFile } from './lock-file.ts';
import { describeSelf } from './lock-holder.ts';
import { listenOn } from './socket-lock.ts';

const [, , dataDir = '', how = 'all'] = process.argv;

async function take(): Promise<string> {
  if (how !== 'file') {
    await lockDataDir(dataDir);
    return 'won';
  }
  const beacon = `lock-${randomBytes(8).toString('hex')}.sock`;
  await listenOn(join(dataDir, beacon));
  const refusal = await takeLockFile(dataDir, describeSelf(beacon));
  return refusal === null ? 'won' : `lost to ${refusal.holder?.pid}`;
}

console.log('ready');
await once(process.stdin, 'data');
try {
  console.log(await take());
} catch (error) {
  console.log(`lost: ${error instanceof Error ? error.message : String(error)}`);
}
setInterval(() => undefined, 1000);
