import type { WindowedSigner } from './signer-ring.ts';

const DAY_MS = 86_400_000;
const THRESHOLD_DAYS = [30, 7, 1, 0] as const;

/** A signer that stops soon, or has. */
export interface ExpiryAlarm {
  readonly signer: string;
  /** The threshold that was crossed: 30, 7, 1; 0 once it has stopped. */
  readonly days: (typeof THRESHOLD_DAYS)[number];
  readonly until: Date;
  /** Who goes on after it without a gap; null when credentials cannot be signed then. */
  readonly successor: string | null;
}

/** The alarms that are due, one for each signer and threshold. @param told those already given; new ones are added */
export function dueAlarms(signers: readonly WindowedSigner[], now: Date, told: Set<string>): readonly ExpiryAlarm[] {
  return signers.flatMap(({ name, until }) => {
    const days = THRESHOLD_DAYS.findLast((threshold) => until.getTime() - now.getTime() <= threshold * DAY_MS);
    const key = `${name} ${until.getTime()} ${days}`;
    if (days === undefined || told.has(key)) return [];
    told.add(key);
    const successor = signers.find((other) => other.name !== name && other.from <= until && other.until > until);
    return [{ signer: name, days, until, successor: successor?.name ?? null }];
  });
}

/** Until when credentials can be signed without a gap from `now` on; `now` itself when they cannot. */
export function coveredUntil(signers: readonly WindowedSigner[], now: Date): Date {
  let end = now;
  for (;;) {
    const next = signers.find(({ from, until }) => from <= end && until > end);
    if (next === undefined) return end;
    end = next.until;
  }
}
