import { describe, expect, it } from 'vitest';
import type { ConversationRef } from '../../contracts/check.ts';
import type { Finding, Signal } from '../../contracts/finding.ts';
import { aDecision, aPrechecked, aSubmission } from '../../contracts/stages.fixture.ts';
import type { PastTurn } from './conversation-memory.ts';
import { rememberTurn } from './remember-turn.ts';

const say = (check: string, ...signals: Signal[]): Finding => ({
  kind: 'signals',
  check,
  subject: { kind: 'prompt' },
  durationMs: 1,
  signals,
});
const hate = (score: number): Signal => ({ category: 'hate', score, reason: 'x' });

async function remembered(findings: readonly Finding[], prompt = 'A Purple  Teapot!') {
  const kept: { ref: ConversationRef; turn: Omit<PastTurn, 'at'> }[] = [];
  const conversationMemory = {
    recall: async () => null,
    remember: async (ref: ConversationRef, turn: Omit<PastTurn, 'at'>) => void kept.push({ ref, turn }),
    sweep: async () => 0,
  };
  const mask = { index: 1, role: 'mask' as const, bytes: new Uint8Array(), sha256: 'of-a-mask' };
  const submission = aSubmission({
    request: { prompt, inputs: [{ ...mask, index: 0, role: 'image', sha256: 'of-a-picture' }, mask] },
    conversation: { conversations: ['c'], endUsers: [] },
  });
  await rememberTurn({ ...aPrechecked(submission, findings), decision: aDecision('hold') }, { conversationMemory });
  return { submission, ...kept[0] };
}

describe('what is kept of a turn', () => {
  it('is its canonical words, the decision, and what links it', async () => {
    const { submission, ref, turn } = await remembered([]);
    expect(turn).toEqual({ text: 'a purple teapot', evidence: {}, action: 'hold' });
    expect(ref).toEqual({
      turn: submission.id,
      keyId: 'key_one',
      application: 'default',
      at: submission.receivedAt,
      claims: { conversations: ['c'], endUsers: [] },
      inputHashes: ['of-a-picture'],
    });
  });

  it('is the strongest of what the prompt said on its own, not what the conversation said', async () => {
    const picture: Finding = { ...say('known-hashes', hate(0.9)), subject: { kind: 'input_image', index: 0 } };
    const findings = [
      say('prompt-rules', hate(0.3), { category: 'ip', score: 0.02, reason: 'x' }),
      say('prompt-external', hate(0.4), { category: 'unsafe_file', score: 1, reason: 'x' }),
      say('prompt-conversation', hate(0.8)),
      picture,
    ];
    expect((await remembered(findings)).turn?.evidence).toEqual({ hate: 0.4 });
  });
});
