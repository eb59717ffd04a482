import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { HashMatch, HashRegistry } from '../../registries/hash-lists/hash-registry.ts';
import { type PdqBits, parsePdq } from '../../registries/pdq/pdq-bits.ts';
import type { CheckParts } from '../check-parts.ts';
import { coverageLines } from '../coverage-lines.ts';
import type { Inspection } from '../pixels/inspection.ts';

const optionsSchema = z.strictObject({
  deadlineMs: z.int().positive().max(120_000).default(10_000),
  /** ThreatExchange's rule: 31 of 256 bits, quality of at least 50. */
  maxDistance: z.int().min(0).max(63).default(31),
  minQuality: z.int().min(0).max(100).default(50),
});

/** `bench/known-copies.ts`: copies with a border, bars or a caption. A test compares. A list that names other categories covers none of them. */
const COVERAGE = coverageLines('known_bad', ['input_image', 'artifact'], {
  measured: {
    dataset: 'known copies with borders and captions',
    n: 448,
    error: { missed: 0.0781, falseAlarms: 'unmeasured' },
    on: '2026-11-22',
  },
  note: 'finds what is on the lists that you load, and nothing without one; crops of more than two percent are missed',
});

/**
 * Is this a picture that somebody has put on a list? Exact by SHA-256 and MD5 of the bytes, perceptual by PDQ of every
 * frame, turned and mirrored, also without what may be a border or a caption. PDQ finds re-encodings and resizes; it does not find crops of more than
 * two percent.
 */
export function createKnownHashes({ inspector, hashLists }: CheckParts, options: unknown): Check {
  const { deadlineMs, maxDistance, minQuality } = optionsSchema.parse(options ?? {});
  return {
    id: 'known-hashes',
    // Lists change while the gateway runs.
    get version() {
      return `3+${hashLists.version}`;
    },
    readsRegister: true,
    looksAt: ['input_image', 'artifact'],
    get categories() {
      return [...new Set<Category>(['known_bad', ...hashLists.categories])];
    },
    coverage: COVERAGE,
    deadlineMs,
    async detect({ image, sha256 }, signal) {
      if (image === undefined) throw new TypeError('known-hashes needs an image');
      const exact = matchExact(hashLists, { image, sha256 });
      if (!hashLists.hasPdq) return { kind: 'signals', signals: toSignals(exact) };
      const inspection = await inspector.inspect(image, signal);
      const near = await hashLists.matchPdq(reliableHashes(inspection, minQuality), maxDistance, signal);
      const matches = [...exact, ...near];
      // `file-sanity` reports the file itself; here nobody could look, and an exact hit stands all the same.
      if (inspection.kind === 'refused' && matches.length === 0) return { kind: 'abstained', reason: 'unreadable' };
      return { kind: 'signals', signals: toSignals(matches) };
    },
  };
}

function matchExact(
  hashLists: HashRegistry,
  { image, sha256 }: { readonly image: Uint8Array; readonly sha256: string | undefined },
): HashMatch[] {
  return hashLists.exactAlgorithms.flatMap((algorithm) => {
    const known = algorithm === 'sha256' ? sha256 : undefined;
    return hashLists.matchExact(algorithm, known ?? createHash(algorithm).update(image).digest('hex'));
  });
}

/** Of every frame and orientation, each hash once: the frames of an animation are often alike. */
function reliableHashes(inspection: Inspection, minQuality: number): PdqBits[] {
  if (inspection.kind === 'refused') return [];
  const reliable = [...inspection.facts.pdq, ...inspection.facts.trimmedPdq].filter(({ quality }) => quality >= minQuality);
  return [...new Set(reliable.flatMap(({ hashes }) => hashes))].map(parsePdq).filter((bits) => bits !== undefined);
}

/** One signal for each list and algorithm, and one more for each category that the list gives its entry. */
function toSignals(matches: readonly HashMatch[]): Signal[] {
  const byKey = new Map<string, Signal>();
  for (const { list, algorithm, category } of matches) {
    const reason = `hash:${list}:${algorithm}`;
    for (const about of [category, 'known_bad' as const]) {
      if (about !== undefined) byKey.set(`${about} ${reason}`, { category: about, score: 1, reason });
    }
  }
  return [...byKey.values()];
}
