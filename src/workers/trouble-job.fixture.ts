import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import timers from 'node:timers/promises';

type Trouble =
  | { readonly kind: 'echo'; readonly value: unknown }
  | { readonly kind: 'busy' | 'hog' | 'throw' | 'exit' | 'environment' | 'noise' | 'leave_trap' | 'uncloneable' | 'crash_later' }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'raw'; readonly hex: string };

const CHANNEL_FD = 3;
const held: Buffer[] = [];

/** A job that does every wrong thing a picture could make a decoder do. */
export async function run(trouble: Trouble): Promise<unknown> {
  switch (trouble.kind) {
    case 'echo':
      return trouble.value;
    case 'busy':
      for (;;) held.length = 0;
    case 'hog':
      for (;;) {
        held.push(Buffer.alloc(8 * 2 ** 20, 1));
        await timers.setTimeout(1);
      }
    case 'throw':
      throw new Error('the header is not a header');
    case 'exit':
      return process.exit(0);
    case 'raw':
      writeSync(CHANNEL_FD, Buffer.from(trouble.hex, 'hex'));
      return timers.setTimeout(60_000);
    case 'environment':
      return { ...process.env, pid: process.pid };
    case 'noise':
      process.stdout.write('a picture\n');
      process.stderr.write('a picture\n');
      return process.pid;
    case 'sleep':
      return timers.setTimeout(trouble.ms, process.pid);
    case 'uncloneable':
      return spawn;
    case 'crash_later':
      setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 5);
      return process.pid;
    case 'leave_trap':
      setTimeout(() => writeSync(CHANNEL_FD, Buffer.from('05000000ff0f490801', 'hex')), 20);
      return process.pid;
  }
}
