import { CountSketch } from './count-sketch.ts';

const MINUTE_MS = 60_000;

/** Requests of each account within the last minute, in a fixed amount of memory: those of this minute of the clock, and of the one before what is still within sixty seconds. */
export class RequestRate {
  private current = new CountSketch(2 ** 17, 3);
  private previous = new CountSketch(2 ** 17, 3);
  private minute = 0;

  /** Counts one more. @returns how many there were in the last minute, with this one; never too low if they came evenly */
  add(account: number, atMs: number): number {
    const minute = Math.floor(atMs / MINUTE_MS);
    if (minute > this.minute) this.turn(minute);
    const left = 1 - (Math.max(atMs, this.minute * MINUTE_MS) % MINUTE_MS) / MINUTE_MS;
    return this.current.add(account) + this.previous.count(account) * left;
  }

  get bytes(): number {
    return this.current.bytes + this.previous.bytes;
  }

  private turn(minute: number): void {
    [this.previous, this.current] = [this.current, this.previous];
    this.current.clear();
    if (minute - this.minute > 1) this.previous.clear();
    this.minute = minute;
  }
}
