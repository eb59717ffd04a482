import type { Terminal } from './command.ts';

const WIDTH = 28;

/** A bar on stderr for people who wait; nothing when nobody watches. Call with the number done; `total` may grow. */
export function progressBar(label: string, { isInteractive }: Terminal): { update(done: number, total: number): void; end(): void } {
  let drawnAt = 0;
  return {
    update(done, total) {
      const now = Date.now();
      if (!isInteractive || (now - drawnAt < 80 && done < total)) return;
      drawnAt = now;
      const filled = total === 0 ? WIDTH : Math.round((WIDTH * done) / total);
      process.stderr.write(
        `\r${label} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
      );
    },
    end() {
      if (isInteractive && drawnAt > 0) process.stderr.write('\r\u001b[K');
    },
  };
}
