import { ImprimaturError } from './contracts/errors.ts';
import type { Finding } from './contracts/finding.ts';
import { type GenerationId, isId } from './contracts/ids.ts';
import type { GenerationStore } from './generations/generation-store.ts';
import { decisionsOf, generationOfDecision, type StoredDecision } from './generations/stored-decisions.ts';
import type { LedgerReader } from './ledger/reader.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import { drawAccount } from './policy/explain.ts';
import { formatPolicyRef } from './policy/policy-ref.ts';
import { findCase } from './review/case-store.ts';
import type { Database } from './storage/database.ts';

/** Where an entry stands in the log; `index` is null until the sequencer has taken it. */
interface LedgerPlace {
  readonly leaf: string;
  readonly index: number | null;
}

/** One decision with everything that led to it. Codes, numbers and places of words; no text of a user. */
interface ExplainedDecision extends Omit<StoredDecision, 'body' | 'decided_at'> {
  readonly decidedAt: string;
  readonly by: string;
  readonly caseId: string | null;
  readonly rules: StoredDecision['body']['rules'];
  readonly obligations: StoredDecision['body']['obligations'];
  /** What each check said, also that it could not tell. */
  readonly findings: readonly Finding[];
  /** Null where a person decided, and in decisions of versions that did not write it down. */
  readonly reasoning: StoredDecision['body']['reasoning'] | null;
  readonly ledger: LedgerPlace | null;
  /** The same as a tree, for people. */
  readonly tree: string;
}

/** Everything that is on record of one generation. */
export interface GenerationExplanation {
  readonly generation: {
    readonly id: GenerationId;
    readonly state: string;
    readonly operation: string;
    readonly surface: string;
    readonly model: string;
    readonly createdAt: string;
  };
  readonly decisions: readonly ExplainedDecision[];
  readonly artifacts: readonly {
    readonly id: string;
    readonly position: number;
    readonly sha256: string | null;
    readonly ledger: LedgerPlace | null;
  }[];
}

interface ExplainParts {
  readonly db: Database;
  readonly store: GenerationStore;
  readonly ledger: Pick<LedgerReader, 'findEntry'>;
  readonly policy: CompiledPolicy;
}

/** By the id of a generation, an artifact, a decision or a case. From what was written down then; nothing is judged again. @throws ImprimaturError NOT_FOUND */
export async function explainGeneration(id: string, parts: ExplainParts): Promise<GenerationExplanation> {
  const generationId = await generationOf(id, parts);
  const record = generationId === null ? null : await parts.store.find(generationId);
  if (record === null) throw new ImprimaturError('NOT_FOUND');
  const [decisions, artifacts] = await Promise.all([decisionsOf(parts.db, record.id), parts.store.finalArtifacts(record.id)]);
  const { state, operation, surface, model, createdAt } = record;
  const about = `${operation} on ${surface}`;
  return {
    generation: { id: record.id, state, operation, surface, model, createdAt: createdAt.toISOString() },
    decisions: await Promise.all(decisions.map((one) => explained(one, about, parts))),
    artifacts: await Promise.all(
      artifacts.map(async ({ id: artifact, position, published }) => ({
        id: artifact,
        position,
        sha256: published?.sha256 ?? null,
        ledger: await placeOf(published?.ledgerLeaf, parts),
      })),
    ),
  };
}

async function generationOf(id: string, { db, store }: ExplainParts): Promise<GenerationId | null> {
  if (isId('gen', id)) return id;
  if (isId('art', id)) return (await store.artifact(id))?.generationId ?? null;
  if (isId('dec', id)) return generationOfDecision(db, id);
  const found = isId('case', id) ? await findCase(db, id) : null;
  return found === null || found.kind === 'upload' ? null : found.generationId;
}

async function explained({ body, decided_at, ...row }: StoredDecision, about: string, parts: ExplainParts): Promise<ExplainedDecision> {
  const { rules, obligations, findings, reasoning, decidedBy, caseId, ledgerLeaf } = body;
  const by = decidedBy.kind === 'policy' ? 'policy' : `operator:${decidedBy.keyId}`;
  // Another version of the policy may say something else under the same id.
  const isInForce = row.policy === formatPolicyRef(parts.policy.ref);
  const descriptions = new Map(isInForce ? parts.policy.document.rules.map(({ id, description }) => [id, description]) : []);
  return {
    ...row,
    decidedAt: decided_at.toISOString(),
    by,
    caseId: caseId ?? null,
    rules,
    obligations,
    findings,
    reasoning: reasoning ?? null,
    ledger: await placeOf(ledgerLeaf, parts),
    tree: drawAccount({
      ...reasoning,
      action: row.action,
      about: `${row.stage} of ${about}, by ${by === 'policy' ? row.policy : by}`,
      rules,
      descriptions,
      abstentions: findings.flatMap((finding) => (finding.kind === 'abstained' ? [finding] : [])),
      obligations,
    }),
  };
}

async function placeOf(leaf: string | undefined, { ledger }: ExplainParts): Promise<LedgerPlace | null> {
  return leaf === undefined ? null : { leaf, index: await ledger.findEntry(Buffer.from(leaf, 'hex')) };
}
