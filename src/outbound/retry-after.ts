import type { Headers } from './outcome.ts';

const HOUR_MS = 3_600_000;

/** `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110 §10.2.3), at most an hour. */
export function retryAfter(headers: Headers, nowMs: number): number | undefined {
  const ms = Number.parseFloat(headers['retry-after-ms'] ?? '');
  const text = headers['retry-after'] ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  const wait = Number.isFinite(ms) ? ms : seconds;
  return Number.isFinite(wait) && wait >= 0 ? Math.min(Math.round(wait), HOUR_MS) : undefined;
}
