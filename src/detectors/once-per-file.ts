/**
 * Does `work` once for each bytes object, however many checks ask for it, and remembers the answer while somebody holds the bytes; a
 * failure is not remembered. One that gives up by `signal` does not end the work for the others. Bytes must not change afterwards.
 */
export function oncePerFile<T>(work: (bytes: Uint8Array) => Promise<T>): (bytes: Uint8Array, signal?: AbortSignal) => Promise<T> {
  const known = new WeakMap<Uint8Array, Promise<T>>();
  return (bytes, signal) => {
    const started = known.get(bytes) ?? work(bytes);
    if (!known.has(bytes)) {
      known.set(bytes, started);
      started.catch(() => known.delete(bytes));
    }
    return unlessAborted(started, signal);
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException('stopped waiting', 'AbortError'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
