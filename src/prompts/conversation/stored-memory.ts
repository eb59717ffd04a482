import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import type { ConversationRef } from '../../contracts/check.ts';
import { ACTIONS } from '../../contracts/decision.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Database } from '../../storage/database.ts';
import type { ConversationMemory, PastTurn } from './conversation-memory.ts';
import { linkDigests, turnOfResponse } from './link-digests.ts';

export interface MemoryOptions {
  readonly db: Database;
  readonly evidence: Pick<EvidenceStore, 'sealValue' | 'openValue'>;
  /** Key of the link digests; the same in every process that shares the database. */
  readonly linkSecret: Uint8Array;
  /** How long a turn counts. */
  readonly windowMs?: number;
  /** How many turns count, the newest. */
  readonly maxTurns?: number;
}

const WINDOW_MS = 30 * 60_000;
const MAX_TURNS = 10;

/** Turns that the request names itself: by a link of its own, as the previous answer, or as the maker of an input picture. */
const LINKED = `linked as (
  select turn from (select turn from conversation_links where link = any($1::text[]) and at > $2 order by at desc limit 40) l
  union select id from conversation_turns where id = $3 and key_id = $4
  union select generation_id from artifacts where published_sha256 = any($5::text[])
), threads as (
  select t.thread, max(t.at) as at from conversation_turns t join linked on linked.turn = t.id
  where t.application = $6 and t.at > $2 group by t.thread
)`;

/** And every turn that belongs together with one of these. */
const RECALL = `with ${LINKED}
select t.id, t.action, t.evidence, t.sealed, t.at from conversation_turns t join threads using (thread)
where t.at > $2 and t.application = $6 and t.id <> $7 order by t.at desc, t.id desc limit $8`;

/** Joins the newest thread, or begins one; and takes a few turns away that are over. */
const REMEMBER = `with ${LINKED}, turn as (
  insert into conversation_turns (id, thread, key_id, application, action, evidence, sealed, at)
  values ($7, coalesce((select thread from threads order by at desc limit 1), $7), $4, $6, $8, $9::jsonb, $10, $11)
  on conflict (id) do nothing returning id
), links as (
  insert into conversation_links (link, turn, at) select link, turn.id, $11::timestamptz from turn, unnest($1::text[]) as link
)
delete from conversation_turns where id in (
  select id from conversation_turns where at <= $2 order by at limit 16 for update skip locked
)`;

/** A turn that nothing links to an earlier one begins a thread: no search, which is most of what `REMEMBER` costs. */
const BEGIN = `insert into conversation_turns (id, thread, key_id, application, action, evidence, sealed, at)
values ($1, $1, $2, $3, $4, $5::jsonb, $6, $7) on conflict (id) do nothing`;

const row = z.object({
  id: z.string(),
  action: z.enum(ACTIONS),
  evidence: z.partialRecord(z.enum(CATEGORIES), z.number().min(0).max(1)),
  sealed: z.instanceof(Uint8Array),
  at: z.date(),
});

/**
 * Conversation memory in the database: shared by processes, and there after a restart. Rows are only added, so two
 * processes cannot overwrite each other's. One statement for each read and each write.
 */
export function createStoredMemory(options: MemoryOptions): ConversationMemory {
  const { db, evidence, linkSecret, windowMs = WINDOW_MS, maxTurns = MAX_TURNS } = options;
  const about = (ref: ConversationRef, links: readonly string[]) => [
    links,
    new Date(ref.at.getTime() - windowMs),
    turnOfResponse(ref),
    ref.keyId,
    ref.inputHashes,
    ref.application,
    ref.turn,
  ];

  async function open(found: unknown): Promise<PastTurn> {
    const parsed = row.safeParse(found);
    if (!parsed.success) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: 'a turn of a conversation is not as it was written' });
    const { id, sealed, ...turn } = parsed.data;
    const bytes = await evidence.openValue({ ...sealedAs(id), sealed });
    return { ...turn, text: Buffer.from(bytes).toString('utf8') };
  }

  return {
    async recall(ref) {
      const links = linkDigests(linkSecret, ref);
      if (isAlone(ref, links)) return null;
      const { rows } = await db.query({ name: 'conversation-recall', text: RECALL, values: [...about(ref, links), maxTurns] });
      return Promise.all(rows.map(open));
    },
    async remember(ref, { text, evidence: scores, action }) {
      const links = linkDigests(linkSecret, ref);
      const sealed = await evidence.sealValue({ ...sealedAs(ref.turn), bytes: Buffer.from(text, 'utf8') });
      const turn = [action, JSON.stringify(scores), Buffer.from(sealed), ref.at];
      if (isAlone(ref, links)) {
        await db.query({ name: 'conversation-begin', text: BEGIN, values: [ref.turn, ref.keyId, ref.application, ...turn] });
        return;
      }
      await db.query({ name: 'conversation-remember', text: REMEMBER, values: [...about(ref, links), ...turn] });
    },
    async sweep(now) {
      const over = new Date(now.getTime() - windowMs);
      const { rowCount } = await db.query({
        name: 'conversation-sweep',
        text: 'delete from conversation_turns where at <= $1',
        values: [over],
      });
      return rowCount;
    },
  };
}

/** Whether the request names nothing that an earlier one could be found by. A previous response is one of its links. */
function isAlone({ inputHashes }: ConversationRef, links: readonly string[]): boolean {
  return links.length === 0 && inputHashes.length === 0;
}

/** Bound to its turn, so that no row can be put in another's place, and to its use, so that it does not open as a submission. */
function sealedAs(turn: string) {
  return { id: `${turn}/turn`, kind: 'submission' as const };
}
