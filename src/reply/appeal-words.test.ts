import { describe, expect, it } from 'vitest';
import { appealWords } from './appeal-words.ts';

const about = { decisionId: 'dec_1', isAppealable: true, requestId: 'req_7' };
const sentence = (places: Parameters<typeof appealWords>[0], more: Partial<typeof about> = {}) =>
  appealWords(places, { ...about, ...more }).sentence;
const pageOf = (id: string) => `https://gateway.example/appeal/${id}`;

describe('how a refused caller is told where to object', () => {
  it('does not put a sentence of the policy inside a sentence of ours', () => {
    expect(sentence({ contact: 'Answer the message that told you of this decision.' })).toBe(
      'If you believe this is wrong: Answer the message that told you of this decision. The request id is req_7.',
    );
  });

  it('makes a sentence of words that are none', () => {
    expect(sentence({ contact: 'the support' })).toBe('If you believe this is wrong, contact the support and give the request id req_7.');
    expect(sentence({})).toContain('contact the operator of this service and give');
  });

  it('names the operator’s own address before our page, and our page before words', () => {
    expect(sentence({ url: 'https://help.example', contact: 'Write.', pageOf })).toContain('object at https://help.example and give');
    expect(sentence({ contact: 'Write.', pageOf })).toContain('object at https://gateway.example/appeal/dec_1 and give');
  });

  it('offers no page for what a person will look at anyway', () => {
    expect(sentence({ contact: 'Write.', pageOf }, { isAppealable: false })).toContain('Write. The request id');
  });
});
