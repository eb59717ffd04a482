/** What was opened, closed again in the opposite order. */
export interface Closers {
  add(close: () => Promise<unknown>): void;
  /** Closes everything, whatever fails on the way. */
  closeAll(): Promise<void>;
}

export function createClosers(onError: (error: unknown) => void): Closers {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    add: (close) => void closers.push(close),
    async closeAll() {
      for (const close of closers.splice(0).reverse()) await close().catch(onError);
    },
  };
}
