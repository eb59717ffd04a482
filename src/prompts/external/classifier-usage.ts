import type { ClassifyFailure } from './classification.ts';

/** What a classifier was used for since the start. Counts, no money: prices are the operator's to know. */
export interface ClassifierUsage {
  readonly name: string;
  /** Texts that it was asked about. */
  readonly asked: number;
  /** HTTP calls that went out. */
  readonly calls: number;
  /** UTF-16 code units that went out, for services that charge by length. */
  readonly charsSent: number;
  readonly answeredFromCache: number;
  readonly failures: Readonly<Partial<Record<ClassifyFailure, number>>>;
}

export interface UsageCounter {
  asked(): void;
  called(): void;
  sent(chars: number): void;
  answeredFromCache(): void;
  failed(cause: ClassifyFailure): void;
  read(): ClassifierUsage;
}

export function createUsageCounter(name: string): UsageCounter {
  const counts = { asked: 0, calls: 0, charsSent: 0, answeredFromCache: 0 };
  const failures: Partial<Record<ClassifyFailure, number>> = {};
  return {
    asked() {
      counts.asked += 1;
    },
    called() {
      counts.calls += 1;
    },
    sent(chars) {
      counts.charsSent += chars;
    },
    answeredFromCache() {
      counts.answeredFromCache += 1;
    },
    failed(cause) {
      failures[cause] = (failures[cause] ?? 0) + 1;
    },
    read: () => ({ name, ...counts, failures: { ...failures } }),
  };
}
