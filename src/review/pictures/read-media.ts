import { z } from 'zod';
import type { CaseId } from '../../contracts/ids.ts';
import { startTurns } from '../../jobs/start-turns.ts';
import { bandsOf } from '../../registries/pdq/pdq-bands.ts';
import { formatPdq, pdqFromBytes } from '../../registries/pdq/pdq-bits.ts';
import type { Database } from '../../storage/database.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { findCase, type ReviewCase } from '../case-store.ts';
import { type CaseMediaParts, type CaseMedium, mediaOf } from './case-media.ts';
import { workOnPicture } from './picture-work.ts';

interface ReadMediaParts extends CaseMediaParts {
  readonly pool: WorkerPool;
  /** The perceptual hash; null where a picture has too little to go by. */
  readonly fingerprint: (bytes: Uint8Array) => Promise<{ readonly value: Uint8Array } | null>;
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;
const AT_ONCE = 4;
const claimed = z.object({ id: z.templateLiteral(['case_', z.string()]) });

/** Sizes and hashes of the pictures of one case, so that look-alikes are found. A picture that cannot be read is left out. */
export async function readMedia(found: ReviewCase, parts: ReadMediaParts): Promise<void> {
  for (const medium of await mediaOf(found, parts)) await readMedium(found, medium, parts).catch(parts.onError);
}

async function readMedium({ id: caseId }: ReviewCase, { id, open }: CaseMedium, { db, pool, fingerprint }: ReadMediaParts): Promise<void> {
  const bytes = await open();
  const { width, height } = await workOnPicture(pool, { kind: 'measure', bytes });
  const hash = await fingerprint(bytes).then((found) => (found === null ? null : pdqFromBytes(found.value)));
  await db.query({
    text: `insert into case_pictures (case_id, media_id, width, height, pdq, bands) values ($1, $2, $3, $4, $5::bit(256), $6)
           on conflict (case_id, media_id) do nothing`,
    values: [caseId, id, width, height, hash === null ? null : `x${formatPdq(hash)}`, hash === null ? null : bandsOf(hash)],
  });
}

/**
 * Reads the pictures of new cases in the background. Two processes never read the same; what one leaves when it dies is only missing among look-alikes.
 * @returns stops it, once what is under way has ended
 */
export function startReadingMedia(parts: ReadMediaParts): () => Promise<void> {
  return startTurns(() => readNew(parts), { everyMs: LOOK_EVERY_MS, onError: parts.onError });
}

async function readNew(parts: ReadMediaParts): Promise<void> {
  const ids = await claimUnread(parts.db);
  for (const id of ids) {
    const found = await findCase(parts.db, id);
    if (found !== null) await readMedia(found, parts).catch(parts.onError);
  }
}

async function claimUnread(db: Database): Promise<readonly CaseId[]> {
  const { rows } = await db.query({
    name: 'claim-unread-media',
    text: `with unread as (
        select id from cases where media_read_at is null and state in ('open', 'escalated') and kind in ('generation', 'upload')
        order by opened_at limit ${AT_ONCE} for update skip locked
      )
      update cases c set media_read_at = clock_timestamp() from unread where c.id = unread.id returning c.id`,
  });
  return rows.map((one) => claimed.parse(one).id);
}
