import type { GenerationId, KeyId } from '../contracts/ids.ts';
import { openPublished } from '../generations/replay.ts';
import type { HttpParts } from './parts.ts';

type Parts = Pick<HttpParts, 'store' | 'evidence' | 'takedownOf'>;

/** The first picture of a generation of this very key, as it was published. Null: there is none, it is another's, or it was taken down. */
export async function ownPicture(id: GenerationId, keyId: KeyId, { store, evidence, takedownOf }: Parts): Promise<Uint8Array | null> {
  const generation = await store.find(id);
  if (generation === null || generation.keyId !== keyId) return null;
  const [first] = await store.finalArtifacts(id);
  if (first === undefined || first.published === null || (await takedownOf(first.id)) !== null) return null;
  return openPublished(first, evidence);
}
