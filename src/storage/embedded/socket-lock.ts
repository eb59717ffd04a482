import { createConnection, createServer, type Server } from 'node:net';

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A listening socket that says nothing: that it exists is the message, and the kernel closes it when its process dies. */
export interface SocketLock {
  release(): Promise<void>;
}

/**
 * Listens on `path` (a name with a leading zero byte is Linux's abstract namespace). Resolves to `null` when somebody
 * else does. It does not keep the process alive.
 */
export function listenOn(path: string): Promise<SocketLock | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.destroy();
    });
    server.once('error', (error) => {
      if (errorCode(error) === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ path }, () => {
      server.unref();
      resolve({ release: () => closed(server) });
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/**
 * Whether a living process listens on the socket file. The kernel answers, so a busy or stopped owner still counts; what
 * is neither a refusal nor a missing file counts as living too.
 */
export function someoneListensOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = errorCode(error);
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}
