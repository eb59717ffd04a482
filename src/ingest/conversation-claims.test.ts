import { describe, expect, it } from 'vitest';
import { conversationClaims, withoutClaims } from './conversation-claims.ts';
import { generationBody } from './image-request-schema.ts';

describe('what links a request to earlier ones', () => {
  it.each([
    [{}, undefined, []],
    [{}, 'a', ['a']],
    [{ conversation: 'a' }, undefined, ['a']],
    [{ conversation: { id: 'a' } }, undefined, ['a']],
    [{ metadata: { conversation_id: 'a' } }, undefined, ['a']],
    [{ conversation: 'b', metadata: { conversation_id: 'c' } }, 'a', ['a', 'b', 'c']],
    [{ conversation: 'a', metadata: { conversation_id: 'a' } }, 'a', ['a']],
    [{ conversation: null, metadata: 'text' }, undefined, []],
    [{ conversation: '', metadata: { conversation_id: 7 } }, undefined, []],
  ])('%j with the header %s', (fields, header, conversations) => {
    expect(conversationClaims(fields, header)).toEqual({ conversations, endUsers: [] });
  });

  it('is also the answer that it continues, and its end user under either name', () => {
    const fields = { previous_response_id: 'resp_1', safety_identifier: 'ann', user: 'bob' };
    expect(conversationClaims(fields, undefined)).toEqual({ conversations: [], previousResponse: 'resp_1', endUsers: ['ann', 'bob'] });
  });

  it('does not go to the model, except the end user, whom it may want to know', () => {
    const fields = { conversation: 'a', previous_response_id: 'b', user: 'c', metadata: { conversation_id: 'a' }, size: 'auto' };
    expect(withoutClaims(fields)).toEqual({ user: 'c', size: 'auto' });
    expect(withoutClaims({ metadata: { conversation_id: 'a', shop: 1 } })).toEqual({ metadata: { shop: 1 } });
    expect(withoutClaims({ metadata: { shop: 1 } })).toEqual({ metadata: { shop: 1 } });
  });

  it.each([{ conversation: 7 }, { conversation: {} }, { conversation: 'x'.repeat(513) }, { previous_response_id: 'x'.repeat(513) }])(
    'is refused when it is no id: %j',
    (more) => expect(generationBody.safeParse({ prompt: 'a teapot', ...more }).success).toBe(false),
  );
});
