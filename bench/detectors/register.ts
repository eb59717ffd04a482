/**
 * Portraits through the register of people as it runs: enrolled, sealed in a database, opened by another process's register, and matched with
 * pictures of the same people from years before.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sight } from '../../src/detectors/looking/sight.ts';
import { CONSENTED_BELOW, LISTED_BELOW } from '../../src/detectors/person-match/listed-below.ts';
import { oneFaceOf } from '../../src/detectors/person-match/one-face.ts';
import { createEvidenceStore } from '../../src/evidence/evidence-store.ts';
import { openFileBlobStore } from '../../src/evidence/file-blob-store.ts';
import { createLocalKeyWrapper } from '../../src/evidence/local-key-wrapper.ts';
import { createJournal } from '../../src/ledger/journal.ts';
import { lookAlikes, type PeopleIndex } from '../../src/registries/people/people-index.ts';
import { createPeopleRegistry } from '../../src/registries/people/people-registry.ts';
import type { Descriptor } from '../../src/registries/people/person.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { writeActs } from '../../src/storage/write-acts.ts';
import { rounded } from '../statistics.ts';

interface Subject {
  /** Put into the register. */
  readonly recent: Sight;
  /** Looked up in it. */
  readonly earlier: Sight | undefined;
}

const faceIn = (sight: Sight): Descriptor | undefined => {
  const one = oneFaceOf(sight);
  return one.kind === 'face' ? Float32Array.from(one.face.descriptor) : undefined;
};

export async function measureRegister(subjects: readonly Subject[]) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-register-'));
  const db = await openDatabase({ dataDir: join(folder, 'database') });
  try {
    await migrate(db);
    const keys = createLocalKeyWrapper({ current: new Uint8Array(32).fill(1) });
    const evidence = createEvidenceStore({ blobs: await openFileBlobStore({ directory: join(folder, 'evidence') }), keys });
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const register = createPeopleRegistry({ db, journal, evidence });
    const enrolled = new Map<string, Subject>();
    let refused = 0;
    for (const subject of subjects) {
      const face = faceIn(subject.recent);
      const listing = { list: 'protected' as const, name: undefined, scope: { purposes: [] }, expiresAt: null, reference: undefined };
      const rest = { document: undefined, sameAs: undefined, distinctFrom: [], by: 'bench' };
      const id =
        face &&
        (await register.add({ ...listing, ...rest, faces: [face] }).then(
          (person) => person.id,
          () => undefined,
        ));
      if (id === undefined) refused += 1;
      else enrolled.set(id, subject);
    }
    const opened = performance.now();
    const index = await createPeopleRegistry({ db, journal, evidence }).current();
    const openMs = rounded(performance.now() - opened);
    return { enrolled: enrolled.size, refused, openMs, ...matched(index, enrolled) };
  } finally {
    await db.close();
    await rm(folder, { recursive: true });
  }
}

function matched(index: PeopleIndex, enrolled: ReadonlyMap<string, Subject>) {
  const everyone = index.people.length;
  const probes = [...enrolled].flatMap(([id, { earlier }]) => {
    // What is looked up is taken as it comes; the largest face of a portrait is meant.
    const [face] = earlier?.kind === 'seen' ? earlier.faces : [];
    return face === undefined ? [] : [{ id, ranked: lookAlikes(index, face.descriptor, Number.POSITIVE_INFINITY) }];
  });
  const genuine = probes.map(({ id, ranked }) => ranked.find(({ person }) => person.id === id)?.distance ?? Number.NaN);
  const strangers = probes.flatMap(({ id, ranked }) => ranked.filter(({ person }) => person.id !== id).map(({ distance }) => distance));
  const sorted = strangers.toSorted((a, b) => a - b);
  // With fewer than 10,000 pairs, no false match at all.
  const limit = sorted[Math.floor(sorted.length / 10_000)] ?? Number.NaN;
  const at = (threshold: number) => ({
    threshold: rounded(threshold),
    missed: genuine.filter((distance) => !(distance <= threshold)).length,
    falseMatches: strangers.filter((distance) => distance <= threshold).length,
  });
  return {
    people: everyone,
    lookedUp: probes.length,
    rank1: probes.filter(({ id, ranked }) => ranked[0]?.person.id === id).length,
    pairsOfStrangers: strangers.length,
    missedAt1e4: rounded(genuine.filter((distance) => distance >= limit).length / genuine.length),
    listed: at(LISTED_BELOW),
    consented: at(CONSENTED_BELOW),
  };
}
