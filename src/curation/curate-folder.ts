import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CurationJournal } from './curation-journal.ts';
import { type CurationRules, judgePicture } from './judge-picture.ts';
import { type Look, type LookingParts, lookAtPicture } from './look-at-picture.ts';
import { type CurationRecord, type ManifestCounts, skippedRecord } from './record.ts';
import { LEAST_QUALITY, SeenPictures } from './seen-pictures.ts';
import { readSidecars, stampOf } from './sidecars.ts';
import { type FoundPicture, walkFolder } from './walk-folder.ts';
import { writeManifests } from './write-manifests.ts';

export interface CurationWish extends LookingParts {
  /** Where journal and manifests go. */
  readonly out: string;
  readonly rules: CurationRules;
  /** Files that are looked at at once. */
  readonly width: number;
  /** How many files of the walk are done. */
  readonly onProgress: (done: number) => void;
}

export interface Curated extends ManifestCounts {
  /** Files that an earlier run had looked at. */
  readonly resumed: number;
}

const JOURNAL = 'curate.journal.jsonl';

/** The walk, which can be looked at before the next file is taken. */
type Walk = AsyncGenerator<FoundPicture>;

/**
 * Goes through a training set once and writes which pictures stay and why. Memory does not grow but for some eighty bytes a picture. A run that was
 * ended goes on where it stopped; where the folder has changed since, it looks again from there.
 */
export async function curateFolder(wish: CurationWish): Promise<Curated> {
  await mkdir(wish.out, { recursive: true, mode: 0o700 });
  const journal = await CurationJournal.open(join(wish.out, JOURNAL), settingsOf(wish));
  try {
    const seen = new SeenPictures();
    const walk = walkFolder(wish.root);
    const { resumed, next } = await resume(journal, walk, { seen, wish });
    let done = resumed;
    const looks = inOrder(from(next, walk), wish.width, async (found) =>
      found.skipped === undefined ? lookAtPicture(found, wish) : skippedRecord(found, found.skipped),
    );
    for await (const look of looks) {
      if ('decision' in look) await journal.append(look);
      else await settle(look, { journal, seen, rules: wish.rules });
      done += 1;
      wish.onProgress(done);
    }
    return { resumed, ...(await writeManifests(journal, wish.out)) };
  } finally {
    await journal.close();
  }
}

/** What decides about a file: under other lists or checks an earlier run says nothing. */
function settingsOf({ root, hashLists, checks, rules }: CurationWish): string {
  const facts = [
    root,
    hashLists.version,
    checks.map(({ id, version }) => `${id} ${version}`),
    rules.notLooked,
    [...(rules.licences ?? ['any'])],
    rules.optOuts?.version ?? '',
    rules.people ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Follows journal and walk side by side as long as they agree. */
async function resume(journal: CurationJournal, walk: Walk, { seen, wish }: { readonly seen: SeenPictures; readonly wish: CurationWish }) {
  let resumed = 0;
  let next = await walk.next();
  let end: number | undefined;
  for await (const line of journal.lines()) {
    // An amendment stands before the record that it follows from, and goes with it.
    if (!('path' in line.value)) continue;
    if (next.done === true || !(await isSame(line.value, next.value, wish))) break;
    resumed += 1;
    remember(line.value, line.at, seen);
    next = await walk.next();
    end = line.end;
  }
  await journal.cutAt(end ?? journal.headEnd);
  return { resumed, next };
}

/** A wish that was put beside an old picture since counts as much as a new picture. */
async function isSame(record: CurationRecord, found: FoundPicture, { root, reservationsOf }: LookingParts): Promise<boolean> {
  if (record.path !== found.path || record.bytes !== found.bytes || record.modified_ms !== found.modifiedMs) return false;
  if (found.skipped !== undefined) return true;
  return record.beside === stampOf(await readSidecars(root, found.path), reservationsOf(found.path));
}

async function* from(first: IteratorResult<FoundPicture>, walk: Walk): AsyncGenerator<FoundPicture> {
  if (first.done === true) return;
  yield first.value;
  yield* walk;
}

interface Settling {
  readonly journal: CurationJournal;
  readonly seen: SeenPictures;
  readonly rules: CurationRules;
}

/** Writes down what follows for a file, and for an earlier one that is the same: who strips a wish from a copy does not get around it. */
async function settle(look: Look, { journal, seen, rules }: Settling): Promise<void> {
  const own = judgePicture(look, rules);
  const isHashed = look.facts?.kind === 'picture' && look.facts.shown.quality >= LEAST_QUALITY;
  const orientations = isHashed && look.facts?.kind === 'picture' ? look.facts.shown.hashes : [];
  const twin = own.sha256 === null ? undefined : seen.find(own.sha256, orientations);
  if (twin === undefined) {
    const record = isHashed ? own : { ...own, pdq: null };
    remember(record, await journal.append(record), seen);
    return;
  }
  const earlier = await journal.recordAt(twin.at);
  const inherited = own.reasons.find((reason) => /^(?:known|opt-out):/.test(reason));
  // Before the record: a run that ends between the two looks at this file again.
  if (inherited !== undefined && earlier.decision !== 'drop')
    await journal.append({ amends: earlier.path, reason: `${inherited}:in:${own.path}` });
  await journal.append({ ...own, decision: 'drop', reasons: [...own.reasons, `duplicate:${twin.kind}:${earlier.path}`] });
}

/** Copies are not remembered: what they are copies of is. */
function remember({ sha256, pdq, reasons }: CurationRecord, at: number, seen: SeenPictures): void {
  if (sha256 !== null && !reasons.some((reason) => reason.startsWith('duplicate:'))) seen.add(sha256, pdq, at);
}

/** Works on `width` items at once and gives the results in the order of the items. */
async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for await (const item of items) {
    running.push(work(item));
    const first = running.length >= width ? running.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const one of running) yield await one;
}
