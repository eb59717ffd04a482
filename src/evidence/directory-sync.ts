import { syncDirectoryOf } from './durable-file.ts';

/**
 * `fsync` of directories, grouped: while one sync of a directory runs, all callers that come share the next one. A sync that had started
 * before a caller's change does not count for it.
 */
export function createDirectorySync(sync: (directory: string) => Promise<void> = syncDirectoryOf): (directory: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  function start(directory: string): Promise<void> {
    const done = sync(directory).finally(() => {
      if (running.get(directory) === done) running.delete(directory);
    });
    running.set(directory, done);
    return done;
  }

  return (directory) => {
    const current = running.get(directory);
    if (current === undefined) return start(directory);
    const shared =
      next.get(directory) ??
      current
        .catch(() => {})
        .then(() => {
          next.delete(directory);
          return start(directory);
        });
    next.set(directory, shared);
    return shared;
  };
}
