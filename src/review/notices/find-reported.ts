import { createHash } from 'node:crypto';
import { isId } from '../../contracts/ids.ts';
import type { ArtifactRecord, GenerationStore } from '../../generations/generation-store.ts';
import type { FindCandidates } from '../../provenance/candidate.ts';
import type { ManifestRepository, Match } from '../../provenance/recovery/manifest-repository.ts';
import type { ReadPixels } from '../../provenance/recovery/pixel-bindings.ts';
import { type PdqBits, parsePdq } from '../../registries/pdq/pdq-bits.ts';
import type { Reported } from './file-notice.ts';
import type { NoticeWish } from './notice-wish.ts';

export interface FindReportedParts {
  readonly store: Pick<GenerationStore, 'artifact' | 'artifactByHash'>;
  readonly repository: Pick<ManifestRepository, 'byHashes'>;
  readonly findCandidates: FindCandidates;
  readonly readPixels: ReadPixels;
}

/** What a notice is about, as far as this gateway can tell. */
export interface Found {
  readonly reported: readonly Reported[];
  readonly hashes: readonly (readonly PdqBits[])[];
}

/** Look-alikes of one picture that a case can hold; more tell nobody anything. */
const MAX_MATCHES = 20;
/** Two hashes of different pictures differ in about half of their bits. */
const UNRELATED_BITS = 128;

/** Every picture of ours that a notice names, links to, shows or has the hash of. A name or link that leads nowhere is no error: other addresses are for a person to follow. */
export async function findReported(wish: NoticeWish, picture: Uint8Array | null, parts: FindReportedParts): Promise<Found> {
  const hashes = wish.hashes.map(({ pdq }) => pdq.flatMap((hex) => parsePdq(hex) ?? []));
  const named = await Promise.all([...wish.artifact_ids, ...wish.urls.flatMap(artifactIn)].map((id) => byId(id, parts)));
  const near = await Promise.all(hashes.map((bits) => parts.repository.byHashes(bits, MAX_MATCHES)));
  const seen = picture === null ? { reported: [], hashes: [] } : await inPicture(picture, parts);
  const all = [...named.flat(), ...seen.reported, ...near.flat().map(fromHash)];
  const first = new Map<string, Reported>();
  for (const one of all) if (!first.has(one.artifactId)) first.set(one.artifactId, one);
  return { reported: [...first.values()], hashes: [...hashes, ...seen.hashes] };
}

const ARTIFACT = /\/v1\/artifacts\/(art_[0-9a-z]{26})(?:[./?#]|$)/;

/** Of a link that this gateway, or a proxy before it, gave out. */
function artifactIn(url: string): string[] {
  const id = ARTIFACT.exec(url)?.[1];
  return id === undefined ? [] : [id];
}

const isOut = (artifact: ArtifactRecord | null) => artifact !== null && artifact.published !== null;

async function byId(id: string, { store }: FindReportedParts): Promise<Reported[]> {
  if (!isId('art', id) || !isOut(await store.artifact(id))) return [];
  return [{ artifactId: id, foundBy: 'id', distance: null }];
}

function fromHash({ artifactId, similarity }: Match): Reported {
  return { artifactId, foundBy: 'hash', distance: Math.round((1 - similarity / 100) * UNRELATED_BITS) };
}

async function inPicture(picture: Uint8Array, parts: FindReportedParts): Promise<Found> {
  const same = await parts.store.artifactByHash(createHash('sha256').update(picture).digest('hex'));
  const [candidates, pixels] = await Promise.all([parts.findCandidates(picture), parts.readPixels(picture)]);
  const alike = (candidates ?? []).map(
    ({ artifactId, how }): Reported => ({ artifactId, foundBy: how === 'watermark' ? 'mark' : 'hash', distance: null }),
  );
  const exact: Reported[] = same === null ? [] : [{ artifactId: same.id, foundBy: 'bytes', distance: null }];
  return { reported: [...exact, ...alike], hashes: pixels === null || pixels.pdq.length === 0 ? [] : [pixels.pdq] };
}
