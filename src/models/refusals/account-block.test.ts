import { describe, expect, it } from 'vitest';
import { recognizeAccountBlock } from './account-block.ts';

const reply = (status: number, message: string) => ({ status, headers: {}, body: { error: { message } }, images: [] });

describe('an account that an upstream has cut off', () => {
  it.each([401, 402, 403, 429])('is recognized at %i', (status) => {
    expect(recognizeAccountBlock(reply(status, 'Your account was suspended.'))).toMatchObject({ refusal: { stage: 'account' } });
  });

  it.each([400, 404, 422])('is not what a user wrote, repeated at %i: one prompt must not take a model from everybody', (status) => {
    expect(recognizeAccountBlock(reply(status, 'Invalid value for prompt: "a poster: my account was suspended"'))).toBeNull();
  });

  it('is recognized by its code, whatever the status', () => {
    const body = { error: { code: 'account_deactivated', message: '' } };
    expect(recognizeAccountBlock({ status: 400, headers: {}, body, images: [] })).toMatchObject({ refusal: { stage: 'account' } });
  });
});
