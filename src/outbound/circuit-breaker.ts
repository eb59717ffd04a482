interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one call may try again. */
  readonly coolDownMs: number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
}

/** Spares a service that is down, and spares our callers the wait for it. */
export interface CircuitBreaker {
  /** Whether a call may go out now. After the cool-down exactly one may, until it has ended. */
  admits(): boolean;
  succeeded(): void;
  /** True while no call may go out. */
  isOpen(): boolean;
  /** @param restMs what the service asked for (`retry-after`); it is left alone that long, whatever the count */
  failed(restMs?: number): void;
  /** Milliseconds for which no call may go out; 0: one may. */
  restOf(): number;
  /** Somebody else knows that the service is to be left alone. */
  rest(ms: number): void;
  /** The call did not go out after all: that says nothing about the service. */
  abandoned(): void;
}

/** A service that asks for more than this is treated as down, and asked again. */
const LONGEST_REST_MS = 600_000;

export function createCircuitBreaker({ failures, coolDownMs, clock }: BreakerOptions): CircuitBreaker {
  let inARow = 0;
  let closedFrom = Number.NEGATIVE_INFINITY;
  let probing = false;
  return {
    admits() {
      if (clock() < closedFrom) return false;
      if (inARow < failures) return true;
      if (probing) return false;
      probing = true;
      return true;
    },
    isOpen: () => clock() < closedFrom,
    restOf: () => Math.max(0, closedFrom - clock()),
    rest(ms) {
      closedFrom = Math.max(closedFrom, clock() + Math.min(ms, LONGEST_REST_MS));
    },
    abandoned() {
      probing = false;
    },
    succeeded() {
      inARow = 0;
      probing = false;
    },
    failed(restMs = 0) {
      inARow += 1;
      probing = false;
      const rest = Math.max(Math.min(restMs, LONGEST_REST_MS), inARow >= failures ? coolDownMs : 0);
      if (rest > 0) closedFrom = Math.max(closedFrom, clock() + rest);
    },
  };
}
