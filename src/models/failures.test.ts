import { describe, expect, it } from 'vitest';
import { failureOfCall } from './failures.ts';

describe('a call without an answer', () => {
  it('is retryable only when the model certainly saw nothing', () => {
    const call = { kind: 'failed', cause: 'unreachable', detail: 'x' } as const;
    expect(failureOfCall({ ...call, reachedServer: false })).toMatchObject({ retryable: true, reachedModel: false });
    expect(failureOfCall({ ...call, reachedServer: true })).toMatchObject({ retryable: false, reachedModel: true });
  });
});
