import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.ts';
import type { Answer, Book, Intent, IntentKind } from './book.ts';
import { WORDS } from './crash-upstream.ts';
import type { GatewayProcess } from './gateway-process.ts';

/** How often each kind of wish is made. */
const MIX: readonly IntentKind[] = ['plain', 'plain', 'plain', 'two', 'stream', 'stream', 'job', 'job', 'blocked', 'held', 'refused'];

let made = 0;

export function newIntent(kind: IntentKind = MIX[Math.floor(Math.random() * MIX.length)] ?? 'plain'): Intent {
  made += 1;
  const word = kind in WORDS ? ` ${WORDS[kind as keyof typeof WORDS]}` : '';
  return { key: `intent-${process.pid}-${made}`, kind, prompt: `a plain gradient, picture number ${process.pid}${made}${word}` };
}

/** Codes with which the gateway may say that it could not do it, while or after something broke. */
export type Excuses = ReadonlySet<string>;

export interface Traffic {
  /** Resolves when every caller has stopped. */
  stop(): Promise<void>;
}

interface TrafficOptions {
  readonly gateway: GatewayProcess;
  readonly book: Book;
  readonly callers?: number;
  readonly excuses: Excuses;
}

/** Callers that make wishes one after the other, two who ask again for what was interrupted, and one who collects checkpoints. */
export function startTraffic({ gateway, book, callers = 6, excuses }: TrafficOptions): Traffic {
  let stopped = false;
  const wish = async () => {
    while (!stopped) {
      // A gateway that is gone answers at once; no need to ask it a thousand times.
      if (!(await askOnce({ gateway, book, excuses, intent: newIntent(), isRepeat: false }))) await sleep(20);
    }
  };
  const askAgain = async () => {
    while (!stopped) {
      const intent = book.interrupted.values().next().value;
      if (intent === undefined || !(await askOnce({ gateway, book, excuses, intent, isRepeat: true }))) await sleep(20);
    }
  };
  const collect = async () => {
    while (!stopped) {
      await collectCheckpoint(gateway, book);
      await sleep(15);
    }
  };
  const all = [...Array.from({ length: callers }, wish), askAgain(), askAgain(), collect()];
  return {
    async stop() {
      stopped = true;
      await Promise.all(all);
    },
  };
}

export async function collectCheckpoint(gateway: GatewayProcess, book: Book): Promise<void> {
  const response = await gateway.get('/ledger/checkpoint').catch(() => null);
  const text = response?.status === 200 ? await response.text().catch(() => null) : null;
  if (text !== null && text !== undefined) book.checkpoints.add(text);
}

interface Once {
  readonly gateway: GatewayProcess;
  readonly book: Book;
  readonly excuses: Excuses;
  readonly intent: Intent;
  readonly isRepeat: boolean;
}

/** False when there was no answer. */
export async function askOnce({ gateway, book, excuses, intent, isRepeat }: Once): Promise<boolean> {
  book.interrupted.delete(intent.key);
  const answer = await ask(gateway, intent, book, isRepeat).catch((error: unknown) => {
    // What is no network failure is an answer that could not be read.
    if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError'))
      book.surprises.push(`${intent.key} ${intent.kind}: ${error.message}`);
    return null;
  });
  if (answer === null || answer.shouldRetry === 'true') book.interrupted.set(intent.key, intent);
  if (answer !== null && !isExpected(answer, excuses)) {
    book.surprises.push(
      `${intent.kind}, ${answer.isRepeat ? 'repeated' : 'first time'}: ${answer.status} ${answer.code}, retry ${answer.shouldRetry}`,
    );
  }
  return answer !== null;
}

const EXPECTED: Readonly<Record<IntentKind, readonly [number, string | null]>> = {
  plain: [200, null],
  two: [200, null],
  stream: [200, null],
  job: [202, null],
  blocked: [400, 'moderation_blocked'],
  held: [403, 'review_required'],
  refused: [400, 'moderation_blocked'],
  large: [200, null],
};

function isExpected({ intent, status, code, isRepeat }: Answer, excuses: Excuses): boolean {
  const [goodStatus, goodCode] = EXPECTED[intent.kind];
  if (status === goodStatus && code === goodCode) return true;
  if (status !== 503 || code === null) return false;
  return excuses.has(code) || (isRepeat && code === 'generation_lost');
}
