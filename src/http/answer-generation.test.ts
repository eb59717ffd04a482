import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { ClaimUsed } from '../access/door/door-statement.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import type { Submission } from '../contracts/submission.ts';
import { answerGeneration } from './answer-generation.ts';
import type { HttpParts } from './parts.ts';

/** A request with a claim; what becomes of it until it would be conducted. */
function asking(more: Partial<Submission> = {}) {
  const submission = { ...aSubmission(), ...more };
  const [steps, conducted]: [string[], Submission[]] = [[], []];
  let answer: { resolve: (used: ClaimUsed) => void; reject: (error: unknown) => void } | undefined;
  const parts = {
    access: {
      claims: {
        use: (_claim: unknown, digest: string) => {
          steps.push(`use ${digest}`);
          return new Promise<ClaimUsed>((resolve, reject) => {
            answer = { resolve, reject };
          });
        },
      },
    },
    controls: {
      standing: { begin: () => void steps.push('standing') },
      limits: { limits: { begin: () => void steps.push('limits'), forgo: () => void steps.push('forgo') } },
    },
    conductor: {
      conduct: async (one: Submission) => {
        conducted.push(one);
        throw new Error('conducted');
      },
    },
  } as unknown as HttpParts;
  const request = { headers: {}, principal: { kind: 'caller', claim: {} } } as unknown as FastifyRequest;
  const ended = answerGeneration(submission, request, {} as FastifyReply, parts).catch((error: unknown) => error);
  return { submission, steps, conducted, ended, answer: () => answer! };
}
const aWhile = () => new Promise((resolve) => setImmediate(resolve));

describe('a request with a claim', () => {
  it('has standing and limits asked with it, and goes nowhere until the claim is used up', async () => {
    const { submission, steps, conducted, ended, answer } = asking();
    await aWhile();
    expect([steps, conducted]).toEqual([[`use ${submission.bodyDigest}`, 'standing', 'limits'], []]);
    answer().resolve('first');
    expect(await ended).toMatchObject({ message: 'conducted' });
    expect(conducted[0]).toBe(submission);
  });

  it('goes nowhere when the claim was used for another, and what was asked early goes back', async () => {
    const { steps, conducted, ended, answer } = asking();
    answer().reject(new ImprimaturError('USER_CLAIM_INVALID'));
    expect(await ended).toMatchObject({ code: 'USER_CLAIM_INVALID' });
    expect([steps.at(-1), conducted]).toEqual(['forgo', []]);
  });

  it('is a retry when the claim came with the very same request before, so a copy of it makes no other picture', async () => {
    const { steps, conducted, ended, answer } = asking();
    answer().resolve('again');
    await ended;
    expect(steps.at(-1)).toBe('forgo');
    expect(conducted).toMatchObject([{ isRetry: true }]);
  });

  it('stands for its idempotency key too: a copy with another key is another request; and what may be a repeat takes no limits', async () => {
    const { submission, steps, ended, answer } = asking({ idempotencyKey: 'k 1' });
    expect(steps).toEqual([`use ${submission.bodyDigest} k 1`]);
    answer().resolve('first');
    await ended;
  });
});
