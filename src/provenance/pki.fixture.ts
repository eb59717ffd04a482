import { issueDevelopmentChain } from './issue-development-chain.ts';
import { createLocalSigner } from './local-signer.ts';

/** A development chain in memory and a signer with its key. */
export async function testPki(now = new Date()) {
  const issued = await issueDevelopmentChain(now);
  return { ...issued, signer: createLocalSigner({ ...issued, now }) };
}
