import { createHash } from 'node:crypto';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type CaseId, type GenerationId, isId, type NoticeId, newId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Journal } from '../../ledger/journal.ts';
import { bandsOf } from '../../registries/pdq/pdq-bands.ts';
import { formatPdq, type PdqBits } from '../../registries/pdq/pdq-bits.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { caseRow, openCase } from '../open-case.ts';
import type { Queues } from '../queues.ts';
import { findTwin, type Twinnable } from './find-twin.ts';
import { basisOf, KINDS } from './notice-kinds.ts';
import { findNotice, type Notice, sealBody } from './notice-store.ts';
import { bodyOf, type NoticeWish } from './notice-wish.ts';
import { newReceipt } from './receipt.ts';

/** A picture of ours that a notice is about. */
export interface Reported {
  readonly artifactId: string;
  readonly foundBy: 'id' | 'bytes' | 'mark' | 'hash';
  /** Bits of 256, where a hash led here. */
  readonly distance: number | null;
}

/** A notice with everything that was looked up for it. */
export interface NewNotice {
  readonly wish: NoticeWish;
  readonly language: string;
  readonly reported: readonly Reported[];
  /** Eight orientations of one picture each. */
  readonly hashes: readonly (readonly PdqBits[])[];
  readonly picture: { readonly blob: string; readonly sha256: string } | null;
  /** The trusted flagger who sent it. */
  readonly flagger: string | null;
}

export interface FileNoticeParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: Pick<EvidenceStore, 'sealValue'>;
  readonly queues?: Queues;
}

export interface FiledNotice {
  readonly notice: Notice;
  /** Shown once. */
  readonly secret: string;
  readonly joined: boolean;
}

/** One at a time, so that two reports of one picture in the same second become one case. */
const ONE_AT_A_TIME = 7_150_015;
/** As routing knows those notices that go first. */
export const TRUSTED_SURFACE = 'trusted_flagger';

/**
 * Takes a notice: its case, or that of a notice about the same picture, and the ledger entry in one transaction. Only one of the same kind and country is
 * joined: another law may have a shorter clock. A trusted flagger's report starts its clocks on the case that it joins.
 * @throws ImprimaturError STORAGE_UNAVAILABLE
 */
export async function fileNotice(made: NewNotice, { db, journal, evidence, queues }: FileNoticeParts): Promise<FiledNotice> {
  const id = newId('ntc');
  const { receipt, secret, secretHash } = newReceipt();
  const body = await sealBody(id, bodyOf(made.wish), evidence);
  const lane = made.flagger === null ? 'public' : 'trusted';
  const twinnable = { kind: made.wish.kind, region: made.wish.region ?? null, ...traitsOf(made) };
  const twin = await db.transaction(async (tx) => {
    await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [ONE_AT_A_TIME] });
    const found = await findTwin(tx, twinnable);
    const parts = { journal, ...(queues === undefined ? {} : { queues }) };
    const caseId = found ?? (await open(tx, id, made, parts));
    if (found !== null) await join(tx, id, found, made, parts);
    await tx.query({
      text: `insert into notices (id, receipt, secret_hash, case_id, kind, lane, flagger_id, body, picture_blob, picture_sha256, url_digests, region, language)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      values: [
        id,
        receipt,
        secretHash,
        caseId,
        made.wish.kind,
        lane,
        made.flagger,
        Buffer.from(body),
        made.picture?.blob ?? null,
        made.picture?.sha256 ?? null,
        twinnable.urlDigests,
        twinnable.region,
        made.language,
      ],
    });
    await insertTargets(tx, id, made.reported);
    await insertHashes(tx, id, made.hashes);
    return found;
  });
  const notice = await findNotice(db, id);
  if (notice === null) throw new ImprimaturError('INTERNAL', { detail: `notice ${id} was taken and is not there` });
  return { notice, secret, joined: twin !== null };
}

function traitsOf({ wish, reported, hashes }: NewNotice): Pick<Twinnable, 'artifactIds' | 'urlDigests' | 'hashes'> {
  return {
    artifactIds: reported.map(({ artifactId }) => artifactId),
    urlDigests: [...new Set(wish.urls.map(digestOfUrl))],
    hashes: hashes.flat(),
  };
}

/** Of the address without what only says who follows it. */
function digestOfUrl(text: string): string {
  const url = new URL(text);
  return createHash('sha256').update(`${url.host}${url.pathname}${url.search}`).digest('hex');
}

const about = ({ wish, reported, flagger }: NewNotice) => ({
  about: wish.kind,
  lane: flagger === null ? 'public' : 'trusted',
  artifacts: reported.map(({ artifactId }) => artifactId),
  ...(flagger === null ? {} : { flagger }),
});

interface OpenParts {
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly queues?: Queues;
}

async function open(tx: Queryable, id: NoticeId, made: NewNotice, parts: OpenParts): Promise<CaseId> {
  const generationId = await onlyGeneration(tx, made.reported);
  return openCase(tx, newCase(id, made, generationId), { kind: 'notice.received', notice: id, ...about(made) }, parts);
}

/** The case that a notice has of its own, or would have. */
function newCase(id: NoticeId, { wish, language, reported, flagger }: NewNotice, generationId: GenerationId | null = null) {
  const ids = {
    notice: id,
    about: wish.kind,
    basis: basisOf(wish, flagger !== null),
    artifacts: reported.map(({ artifactId }) => artifactId),
  };
  return {
    about: { kind: 'notice', ids, ...(generationId === null ? {} : { generationId }) },
    categories: KINDS[wish.kind].categories,
    language,
    ...(wish.region === undefined ? {} : { region: wish.region }),
    ...(flagger === null ? {} : { surface: TRUSTED_SURFACE }),
  } as const;
}

async function join(tx: Queryable, id: NoticeId, caseId: CaseId, made: NewNotice, parts: OpenParts): Promise<void> {
  const artifacts = made.reported.map(({ artifactId }) => artifactId);
  await tx.query({
    text: `update cases set
             subject = jsonb_set(subject, '{artifacts}', (select coalesce(jsonb_agg(distinct value), '[]'::jsonb)
               from jsonb_array_elements(coalesce(subject -> 'artifacts', '[]'::jsonb) || $2::jsonb))),
             queue = case when $3 and queue = 'notices' then 'trusted_flaggers' else queue end
           where id = $1`,
    values: [caseId, JSON.stringify(artifacts), made.flagger !== null],
  });
  // A trusted flagger's clocks start with their report.
  const joinedCase = caseRow({ ...newCase(id, made), id: caseId, openedAt: new Date() }, parts.queues);
  await parts.journal.recordIn(tx, made.flagger === null ? {} : { joinedCase }, [
    { kind: 'notice.joined', notice: id, case: caseId, ...about(made) },
  ]);
}

async function onlyGeneration(tx: Queryable, reported: readonly Reported[]): Promise<GenerationId | null> {
  const { rows } = await tx.query<{ generation_id: string }>({
    text: 'select distinct generation_id from artifacts where id = any($1) limit 2',
    values: [reported.map(({ artifactId }) => artifactId)],
  });
  const [first, ...others] = rows.map(({ generation_id }) => generation_id);
  return first !== undefined && others.length === 0 && isId('gen', first) ? first : null;
}

async function insertTargets(tx: Queryable, id: NoticeId, reported: readonly Reported[]): Promise<void> {
  await tx.query({
    text: `insert into notice_targets (notice_id, artifact_id, found_by, distance)
           select $1, artifact_id, found_by, distance from jsonb_to_recordset($2::jsonb) as x(artifact_id text, found_by text, distance int)
           on conflict do nothing`,
    values: [
      id,
      JSON.stringify(reported.map(({ artifactId, foundBy, distance }) => ({ artifact_id: artifactId, found_by: foundBy, distance }))),
    ],
  });
}

/** Of the first picture: a notice about many has them as separate notices. */
async function insertHashes(tx: Queryable, id: NoticeId, [first = []]: readonly (readonly PdqBits[])[]): Promise<void> {
  const rows = first.map((bits, orientation) => ({ orientation, pdq: `x${formatPdq(bits)}`, bands: bandsOf(bits) }));
  await tx.query({
    text: `insert into notice_hashes (notice_id, orientation, pdq, bands)
           select $1, orientation, pdq, bands from jsonb_to_recordset($2::jsonb) as x(orientation smallint, pdq bit(256), bands int[])`,
    values: [id, JSON.stringify(rows)],
  });
}
