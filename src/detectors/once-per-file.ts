/**
 * Answers once for each bytes object, however many ask, and remembers the answer while somebody holds the bytes; a failure is not remembered. Rejects
 * when `signal` aborts, which does not end the work for the others. Bytes must not change afterwards.
 */
export interface OncePerFile<T> {
  (bytes: Uint8Array, signal?: AbortSignal): Promise<T>;
  /** Whoever knows the answer already spares others the work. */
  remember(bytes: Uint8Array, answer: T): void;
}

/** Several checks ask the same of one picture, and each look costs a decode or a pass of networks. */
export function oncePerFile<T>(work: (bytes: Uint8Array) => Promise<T>): OncePerFile<T> {
  const known = new WeakMap<Uint8Array, Promise<T>>();
  const once = (bytes: Uint8Array): Promise<T> => {
    const earlier = known.get(bytes);
    if (earlier !== undefined) return earlier;
    const started = work(bytes);
    known.set(bytes, started);
    // Unless somebody has told the answer meanwhile.
    started.catch(() => known.get(bytes) === started && known.delete(bytes));
    return started;
  };
  const ask = (bytes: Uint8Array, signal?: AbortSignal) => unlessAborted(once(bytes), signal);
  return Object.assign(ask, { remember: (bytes: Uint8Array, answer: T) => void known.set(bytes, Promise.resolve(answer)) });
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
