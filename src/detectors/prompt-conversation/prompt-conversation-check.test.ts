import { describe, expect, it } from 'vitest';
import type { CheckInput, ConversationRef } from '../../contracts/check.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId } from '../../contracts/ids.ts';
import type { ConversationMemory, PastTurn } from '../../prompts/conversation/conversation-memory.ts';
import { createCheckRunner } from '../create-check-runner.ts';
import { createPromptConversationCheck } from './prompt-conversation-check.ts';

const at = new Date('2026-11-21T12:00:00Z');
const conversation: ConversationRef = {
  turn: newId('gen'),
  keyId: 'key_one',
  application: 'shop',
  at,
  claims: { conversations: ['c'], endUsers: [] },
  inputHashes: [],
};
const localJudge = {
  version: 'v',
  judge: (text: string) =>
    /purple teapot/.test(text) ? [{ category: 'ip' as const, score: 0.9, reason: 'rule:x', spans: [{ start: 0, end: 9 }] }] : [],
};

async function finding(recall: ConversationMemory['recall'], more: Partial<CheckInput> = { conversation }) {
  const conversationMemory: ConversationMemory = { recall, remember: async () => undefined, sweep: async () => 0 };
  const check = createPromptConversationCheck({ conversationMemory, localJudge }, { deadlineMs: 200 });
  const runner = createCheckRunner({ checks: [check], expected: [check.id] });
  const { findings } = await runner.run([{ subject: { kind: 'prompt' }, prompt: 'Now add a TEAPOT.', surface: 'api', ...more }]);
  return findings[0];
}

const earlier: PastTurn = { text: 'something purple', evidence: {}, action: 'allow', at };

describe('the check over a conversation', () => {
  it('says what the turns mean together', async () => {
    expect(await finding(async () => [earlier])).toMatchObject({
      kind: 'signals',
      signals: [{ category: 'ip', score: 0.9, reason: 'conversation:ip' }],
    });
    expect(await finding(async () => [])).toMatchObject({ kind: 'signals', signals: [] });
  });

  it('says so when nothing links a request to others', async () => {
    expect(await finding(async () => null)).toMatchObject({ kind: 'abstained', reason: 'conversation:unlinked' });
    expect(await finding(async () => [earlier], {})).toMatchObject({ kind: 'abstained', reason: 'conversation:unlinked' });
  });

  it('could not tell when the state cannot be read, or does not come in time', async () => {
    const gone = new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'gone' });
    expect(await finding(() => Promise.reject(gone))).toMatchObject({ kind: 'failed', detail: 'ImprimaturError STORAGE_UNAVAILABLE' });
    expect(await finding(() => new Promise(() => undefined))).toMatchObject({ kind: 'failed', cause: 'timed_out' });
  });
});
