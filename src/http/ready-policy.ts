import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { textOf } from '../policy/history/policy-versions.ts';
import type { HttpParts } from './parts.ts';

export const policyParams = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hex digits') });

/** A policy that is kept, ready to judge. @throws ImprimaturError NOT_FOUND, REQUEST_INVALID when something that it relies on is not installed */
export async function readyPolicy(
  digest: string,
  { db, policy, policies }: Pick<HttpParts, 'db' | 'policy' | 'policies'>,
): Promise<CompiledPolicy> {
  if (digest === policy.ref.digest) return policy;
  const text = await textOf(db, digest);
  if (text === null) throw new ImprimaturError('NOT_FOUND');
  return (await policies.inForce.prepare(text).catch(refusePolicy)).policy;
}

/** What is wrong with a policy that somebody sent is for them to read, not a failure of ours. */
export function refusePolicy(error: unknown): never {
  if (error instanceof ImprimaturError && (error.code === 'POLICY_INVALID' || error.code === 'CONFIG_INVALID'))
    throw new ImprimaturError('REQUEST_INVALID', { param: 'text', hint: error.message.slice(0, 4_000), cause: error });
  throw error;
}
