/** Whether the gateway answers and knows us; the shell shows it, so that no page has to. */
interface Connection {
  readonly isReachable: boolean;
  readonly hasSession: boolean;
  /** False: an act is so grave that one signs in once more for it. */
  readonly isFresh: boolean;
}

let current: Connection = { isReachable: true, hasSession: true, isFresh: true };
const listeners = new Set<() => void>();

function become(next: Partial<Connection>): void {
  const changed = { ...current, ...next };
  const isSame =
    changed.isReachable === current.isReachable && changed.hasSession === current.hasSession && changed.isFresh === current.isFresh;
  if (isSame) return;
  current = changed;
  for (const listener of listeners) listener();
}

export const setReachable = (isReachable: boolean): void => become({ isReachable });
export const sessionEnded = (): void => become({ hasSession: false });
export const sessionBegan = (): void => become({ hasSession: true });

let waiting: readonly ((hasSignedIn: boolean) => void)[] = [];

/** Asks for one more sign-in, and waits for it. False: the person would rather not. */
export function freshSignIn(): Promise<boolean> {
  become({ isFresh: false });
  return new Promise((resolve) => {
    waiting = [...waiting, resolve];
  });
}

/** The answer to whoever waits in `freshSignIn`. */
export function freshSignInEnded(hasSignedIn: boolean): void {
  const all = waiting;
  waiting = [];
  become({ isFresh: true });
  for (const resolve of all) resolve(hasSignedIn);
}

export const connection = (): Connection => current;

/** For `useSyncExternalStore`. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
