import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import { commitment } from '../../ledger/entry.ts';
import type { Queryable } from '../../storage/database.ts';
import { type LearningParts, type Operator, sealedTextSchema } from './label-store.ts';
import { lockLearning } from './lock-learning.ts';
import type { SuggestedTerm } from './suggest-terms.ts';

export type ProposalState = 'proposed' | 'accepted' | 'rejected';

/** A term that somebody should decide about: into the operator's own rules, or never again. */
export interface Proposal extends SuggestedTerm {
  readonly id: string;
  readonly state: ProposalState;
  readonly decidedBy: string | null;
}

const evidenceSchema = z.object({
  confirmed: z.int(),
  callers: z.int(),
  benign: z.int(),
  z: z.number(),
  examples: z.array(z.string()),
});
const proposalRow = z.object({
  id: z.string(),
  category: z.enum(CATEGORIES),
  sealed: z.instanceof(Uint8Array),
  evidence: evidenceSchema,
  state: z.enum(['proposed', 'accepted', 'rejected']),
  decided_by: z.string().nullable(),
});
const COLUMNS = 'id, category, sealed, evidence, state, decided_by';

/**
 * Stores what is new among the suggestions; a term that was decided about stays decided. A term may be a name, so it is
 * sealed here and stands in the ledger as a commitment.
 * @returns how many were new
 */
export async function storeProposals(suggested: readonly SuggestedTerm[], by: Operator, parts: LearningParts): Promise<number> {
  const { db, evidence, journal } = parts;
  return db.transaction(async (tx) => {
    await lockLearning(tx);
    const known = new Set((await listProposals(tx, evidence)).map(keyOf));
    const fresh = suggested.filter((one) => !known.has(keyOf(one)));
    for (const { category, term, ...facts } of fresh) {
      const id = newId('prop');
      const salt = randomBytes(32);
      const bytes = Buffer.from(JSON.stringify({ v: 1, salt: salt.toString('base64'), text: term }));
      const sealed = await evidence.sealValue({ id, kind: 'submission', bytes });
      await tx.query({
        text: 'insert into prompt_proposals (id, category, sealed, evidence) values ($1, $2, $3, $4::jsonb)',
        values: [id, category, sealed, JSON.stringify(facts)],
      });
      const { confirmed, callers, benign } = facts;
      await journal.recordIn(tx, {}, [
        { kind: 'term.proposed', proposal: id, category, term: commitment(salt, term), confirmed, callers, benign, by },
      ]);
    }
    return fresh.length;
  });
}

const keyOf = ({ category, term }: { readonly category: Category; readonly term: string }) => `${category} ${term}`;

/** In the order in which they were proposed. */
export async function listProposals(db: Queryable, evidence: EvidenceStore, state?: ProposalState): Promise<readonly Proposal[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from prompt_proposals where $1::text is null or state = $1 order by proposed_at, id`,
    values: [state ?? null],
  });
  return Promise.all(rows.map((row) => openProposal(row, evidence)));
}

async function openProposal(row: unknown, evidence: EvidenceStore): Promise<Proposal> {
  const { id, category, sealed, evidence: facts, state, decided_by } = proposalRow.parse(row);
  const opened = await evidence.openValue({ id, kind: 'submission', sealed });
  const { text: term } = sealedTextSchema.parse(JSON.parse(Buffer.from(opened).toString()));
  return { id, category, term, ...facts, state, decidedBy: decided_by };
}

/** An operator may change their mind: the later decision counts. @throws ImprimaturError NOT_FOUND */
export async function decideProposal(id: string, decision: 'accepted' | 'rejected', by: Operator, parts: LearningParts): Promise<Proposal> {
  const { db, evidence, journal } = parts;
  return db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `update prompt_proposals set state = $2, decided_at = clock_timestamp(), decided_by = $3 where id = $1 returning ${COLUMNS}`,
      values: [id, decision, by],
    });
    if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
    const proposal = await openProposal(rows[0], evidence);
    await journal.recordIn(tx, {}, [{ kind: `term.${decision}`, proposal: id, category: proposal.category, by }]);
    return proposal;
  });
}
