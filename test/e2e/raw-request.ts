import { connect } from 'node:net';

interface RawAnswer {
  /** 0 when there was none. */
  readonly status: number;
  readonly body: string;
}

/** Writes these bytes to the gateway and reads until it closes the connection, as no HTTP client would. */
export function rawRequest(url: string, text: string, { leaveAfterMs }: { leaveAfterMs?: number } = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(text);
      if (leaveAfterMs !== undefined) setTimeout(() => socket.destroy(), leaveAfterMs);
    });
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      received += chunk;
      // An answer to a request that is not over keeps the connection open; the test has what it wants.
      if (received.split('\r\n\r\n')[1]) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const [head = '', body = ''] = received.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), body });
    });
  });
}
