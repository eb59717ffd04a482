import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EvidenceStore } from './evidence/evidence-store.ts';
import type { LedgerReader } from './ledger/reader.ts';
import type { Queryable } from './storage/database.ts';

/** Something that should hold and does not. */
export interface Flaw {
  readonly what: 'evidence' | 'decision' | 'ledger';
  readonly id: string;
  readonly problem: string;
}

interface FsckParts {
  readonly db: Queryable;
  readonly evidence: Pick<EvidenceStore, 'open'>;
  readonly ledger: Pick<LedgerReader, 'findEntry'>;
  readonly onProgress: (done: number, total: number) => void;
}

const artifact = z.object({
  id: z.string(),
  raw_blob: z.string(),
  raw_sha256: z.string(),
  published_blob: z.string().nullable(),
  published_sha256: z.string().nullable(),
  ledger_leaf: z.string().nullable(),
});
const PAGE = 200;

/**
 * Compares the three places where the truth is kept: every artifact's sealed evidence opens and has its digest, every
 * published one stands in the ledger, and every generation that ended has a decision.
 */
export async function fsck(parts: FsckParts): Promise<readonly Flaw[]> {
  const { db, onProgress } = parts;
  const flaws: Flaw[] = [...(await undecided(db))];
  const total = Number(
    z.object({ n: z.coerce.number() }).parse((await db.query({ text: 'select count(*) as n from artifacts' })).rows[0]).n,
  );
  let after = '';
  for (let done = 0; ; ) {
    const { rows } = await db.query({
      text: `select id, raw_blob, raw_sha256, published_blob, published_sha256, ledger_leaf from artifacts where id > $1 order by id limit ${PAGE}`,
      values: [after],
    });
    for (const row of rows) {
      const found = artifact.parse(row);
      flaws.push(...(await checkArtifact(found, parts)));
      after = found.id;
      onProgress(++done, total);
    }
    if (rows.length < PAGE) return flaws;
  }
}

async function undecided(db: Queryable): Promise<readonly Flaw[]> {
  const { rows } = await db.query<{ id: string }>({
    text: `select id from generations g where not exists (select 1 from decisions d where d.generation_id = g.id)
      or (state = 'published' and not exists (select 1 from artifacts a where a.generation_id = g.id and a.published_at is not null))`,
  });
  return rows.map(({ id }) => ({
    what: 'decision',
    id,
    problem: 'it has no decision, or counts as published without a published artifact',
  }));
}

async function checkArtifact(found: z.output<typeof artifact>, parts: FsckParts): Promise<readonly Flaw[]> {
  const flaws: Flaw[] = [];
  const raw = await digestOf({ blob: found.raw_blob, id: found.id, kind: 'raw_artifact' }, parts);
  if (raw !== found.raw_sha256)
    flaws.push({
      what: 'evidence',
      id: found.id,
      problem: `the sealed raw picture ${raw === null ? 'cannot be opened' : 'has another digest'}`,
    });
  if (found.published_blob === null) return flaws;
  const published = await digestOf({ blob: found.published_blob, id: found.id, kind: 'published' }, parts);
  if (published !== found.published_sha256) {
    flaws.push({
      what: 'evidence',
      id: found.id,
      problem: `the published picture ${published === null ? 'cannot be opened' : 'has another digest'}`,
    });
  }
  const index = await parts.ledger.findEntry(Buffer.from(found.ledger_leaf ?? '', 'hex'));
  if (index === null) flaws.push({ what: 'ledger', id: found.id, problem: 'its publication is not in the ledger' });
  return flaws;
}

async function digestOf(ref: Parameters<EvidenceStore['open']>[0], { evidence }: FsckParts): Promise<string | null> {
  return evidence.open(ref).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    () => null,
  );
}
