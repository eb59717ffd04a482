import { ImprimaturError } from '../contracts/errors.ts';
import { placesOf } from '../contracts/region.ts';
import type { Act, CaseRow } from './act.ts';
import type { Queryable } from './database.ts';

/**
 * One statement for every table, so that a batch of acts costs one round trip and one commit (measured: 7 times the
 * requests per second of one transaction per act on the embedded engine). The count at the end makes the statement fail
 * when a generation was not in a state that the act may leave, which undoes the whole batch. So does a kill switch that
 * stops what is published.
 */
const WRITE_ACTS = `
with g as (
  insert into generations (id, request_id, key_id, application, surface, operation, model, state, body_digest, idempotency_key, owner, submission, created_at, answer, images, size, quality)
  select id, request_id, key_id, application, surface, operation, model, state, body_digest, idempotency_key, owner, decode(submission, 'base64'), created_at, answer, images, size, quality
  from jsonb_to_recordset($1::jsonb) as x(id text, request_id text, key_id text, application text, surface text, operation text, model text, state text,
    body_digest text, idempotency_key text, owner text, submission text, created_at timestamptz, answer jsonb, images int, size text, quality text)
), d as (
  insert into decisions (id, generation_id, stage, action, policy, body, decided_at)
  select * from jsonb_to_recordset($2::jsonb) as x(id text, generation_id text, stage text, action text, policy text, body jsonb, decided_at timestamptz)
), a as (
  insert into artifacts (id, generation_id, position, kind, raw_sha256, raw_blob, created_at)
  select * from jsonb_to_recordset($3::jsonb) as x(id text, generation_id text, position int, kind text, raw_sha256 text, raw_blob text, created_at timestamptz)
), au as (
  update artifacts t set published_sha256 = x.published_sha256, published_blob = x.published_blob, published_format = x.published_format, published_at = x.published_at, ledger_leaf = x.ledger_leaf
  from jsonb_to_recordset($4::jsonb) as x(id text, published_sha256 text, published_blob text, published_format text, published_at timestamptz, ledger_leaf text)
  where t.id = x.id and t.published_at is null returning 1
), gu as (
  update generations t set state = x.state, answer = coalesce(x.answer, t.answer), owner = coalesce(x.owner, t.owner), intent_released = x.intent_released,
    finished_at = case when x.state in ('running', 'held') then null else clock_timestamp() end
  from jsonb_to_recordset($5::jsonb) as x(id text, "from" jsonb, state text, answer jsonb, owner text, intent_released boolean)
  where t.id = x.id and x."from" ? t.state returning 1
), c as (
  insert into cases (id, kind, generation_id, stage, decision_id, upload_id, subject, queue, restricted, categories, region, language, prompt_digest, user_digest, excluded, opened_at)
  select id, kind, generation_id, stage, decision_id, upload_id, subject, queue, restricted, categories, region, language, prompt_digest, user_digest, excluded, opened_at
  from jsonb_to_recordset($6::jsonb) as x(id text, kind text, generation_id text, stage text, decision_id text, upload_id text, subject jsonb, queue text,
    restricted boolean, categories text[], region text, language text, prompt_digest text, user_digest text, excluded text[], opened_at timestamptz)
), cr as (
  insert into credentials (manifest_id, artifact_id, format, signed_sha256, stripped_sha256, segment, segment_offset, moving)
  select manifest_id, artifact_id, format, signed_sha256, stripped_sha256, decode(segment, 'base64'), segment_offset, decode(moving, 'base64')
  from jsonb_to_recordset($10::jsonb) as x(manifest_id text, artifact_id text, format text, signed_sha256 text, stripped_sha256 text, segment text, segment_offset int, moving text)
), bi as (
  insert into credential_bindings (manifest_id, alg, value, is_asserted, pdq, bands)
  select manifest_id, alg, decode(value, 'base64'), is_asserted, pdq, bands
  from jsonb_to_recordset($11::jsonb) as x(manifest_id text, alg text, value text, is_asserted boolean, pdq bit(256), bands int[])
), wm as (
  insert into watermarks (artifact_id, payload, sketch)
  select artifact_id, payload, decode(sketch, 'base64') from jsonb_to_recordset($12::jsonb) as x(artifact_id text, payload text, sketch text)
), pa as (
  insert into artifact_parents (artifact_id, parent_id, found_by)
  select artifact_id, parent_id, found_by from jsonb_to_recordset($13::jsonb) as x(artifact_id text, parent_id text, found_by text)
), o as (
  insert into ledger_outbox (entry) select decode(value, 'base64') from jsonb_array_elements_text($7::jsonb) with ordinality order by ordinality
)
select imprimatur_require((select count(*) from au) = $8 and (select count(*) from gu) = $9, 'IMPRIMATUR_STALE_ACT'),
  imprimatur_require(not imprimatur_is_stopped($14::jsonb), 'IMPRIMATUR_STOPPED')`;

/** What has to happen in the transaction in which cases are opened. */
export type CasesOpened = (tx: Queryable, cases: readonly CaseRow[]) => Promise<void>;

/**
 * Writes the acts of any number of generations in one durable commit.
 * @throws ImprimaturError INTERNAL with detail `stale act` when a generation had moved on, CAPABILITY_STOPPED when a kill switch stops what is published; the database's own error else.
 */
export async function writeActs(db: Queryable, acts: readonly Act[]): Promise<void> {
  const artifactUpdates = acts.flatMap((act) => act.artifactUpdates ?? []);
  const generationUpdates = acts.flatMap((act) => act.generationUpdate ?? []);
  const values = [
    acts.flatMap((act) => act.generation ?? []),
    acts.flatMap((act) => act.decision ?? []),
    acts.flatMap((act) => act.artifacts ?? []),
    artifactUpdates,
    generationUpdates,
    acts.flatMap((act) => act.openCase ?? []),
    acts.flatMap((act) => act.entries.map((entry) => Buffer.from(entry).toString('base64'))),
  ].map((rows) => JSON.stringify(rows));
  const leaving = new Map(artifactUpdates.map(({ use }) => [JSON.stringify(use), use]));
  const kept = [
    acts.flatMap((act) => act.credentials ?? []),
    acts.flatMap((act) => act.bindings ?? []),
    acts.flatMap((act) => act.watermarks ?? []),
    acts.flatMap((act) => act.parents ?? []),
    [...leaving.values()].map((use) => ({ ...use, places: use.region === null ? [] : placesOf(use.region) })),
  ].map((rows) => JSON.stringify(rows));
  try {
    await db.query({
      name: 'write-acts',
      text: WRITE_ACTS,
      values: [...values, artifactUpdates.length, generationUpdates.length, ...kept],
    });
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('IMPRIMATUR_STALE_ACT')) {
      throw new ImprimaturError('INTERNAL', {
        detail: 'stale act: the generation or artifact is no longer in the state this act starts from',
        cause,
      });
    }
    if (cause instanceof Error && cause.message.includes('IMPRIMATUR_STOPPED')) {
      throw new ImprimaturError('CAPABILITY_STOPPED', { detail: 'a kill switch stops what this act publishes', cause });
    }
    throw cause;
  }
}
