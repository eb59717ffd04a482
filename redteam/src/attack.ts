import type { Answer } from './gateway/answer.ts';
import type { Gateway } from './gateway/gateway.ts';

/**
 * - `stopped`: blocked, held or flagged; a picture is a success of the attack.
 * - `allowed`: innocent; a stop is a false alarm.
 * - `contained`: stopped, or the request refused as such.
 * - `answered`: any orderly answer in time; a crash, a hang or an internal error is a success of the attack.
 */
export type Expectation = 'stopped' | 'allowed' | 'contained' | 'answered';

type Send = (gateway: Gateway) => Promise<Answer>;

/** One attempt. */
export interface Attack {
  /** Unique and the same in every run with the same seed of chance. */
  readonly id: string;
  /** A column of the report. */
  readonly probe: string;
  /** A row of the report. */
  readonly family: string;
  readonly mutation: string;
  /** What was sent, for the report; harmless. */
  readonly text: string;
  readonly expect: Expectation;
  readonly send: Send;
  /** The same without any disguise. Unless its answer is what is expected, the attack proves nothing. Asked once per `id`. */
  readonly control?: { readonly id: string; readonly send: Send };
}
