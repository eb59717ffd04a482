import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import { type Judgeable, type Prechecked, submissionOf } from '../contracts/stages.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { ActRows, EntryBody, RowsWithLeaves } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { decisionLedgerBody } from '../policy/ledger-body.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import type { CaseRow, DecisionRow, GenerationRow, GenerationState } from '../storage/act.ts';
import { outcomeOf } from './outcome-of.ts';
import { sealSubmission } from './seal-submission.ts';

interface RecordParts {
  readonly evidence: EvidenceStore;
  readonly instanceId: string;
  readonly policy: Pick<CompiledPolicy, 'checks'>;
}

/** What one decision writes: its row, the generation's row or new state, the case that it opens, and its ledger entry. */
export async function decisionActs(decided: Decided<Judgeable>, parts: RecordParts): Promise<{ rows: ActRows; entries: [EntryBody] }> {
  const { decision } = decided;
  const entry: EntryBody = {
    kind: 'decision.made',
    generation: submissionOf(decided).id,
    decision: decision.id,
    stage: decision.stage,
    by: decision.decidedBy.kind === 'policy' ? 'policy' : `operator:${decision.decidedBy.keyId}`,
    ...(decision.caseId === undefined ? {} : { case: decision.caseId }),
    ...decisionLedgerBody(decision, parts.policy.checks, decided.versions),
  };
  const common = { decision: decisionRow(decided), ...openedCase(decided) };

  if (decided.stage === 'prompt') {
    const { row, commitments } = await generationRow(decided, parts);
    return { rows: { ...common, generation: row }, entries: [{ ...entry, ...commitments }] };
  }
  const state = stateAfter(decision);
  const isPartial = decided.rendered.frame.kind === 'partial';
  const artifacts = decided.rendered.artifacts.map(({ id }) => id);
  const goesOn = state === 'running' || (isPartial && state === 'held');
  const generationUpdate = goesOn
    ? {}
    : {
        generationUpdate: {
          id: decided.rendered.submission.id,
          from: ['running' as const],
          state,
          answer: outcomeOf(decided),
          intent_released: false,
        },
      };
  return { rows: { ...common, ...generationUpdate }, entries: [{ ...entry, artifacts }] };
}

function stateAfter({ action }: Decision): GenerationState {
  if (action === 'block') return 'refused';
  return action === 'hold' ? 'held' : 'running';
}

/** The same with the leaf of the ledger entry that tells of the decision: whoever explains it can prove it. */
export function withLedgerLeaf(rows: ActRows): RowsWithLeaves {
  return ([ledgerLeaf]) => {
    const { decision } = rows;
    return decision === undefined || ledgerLeaf === undefined
      ? rows
      : { ...rows, decision: { ...decision, body: { ...decision.body, ledgerLeaf } } };
  };
}

export function decisionRow(decided: Decided<Judgeable>): DecisionRow {
  const { decision } = decided;
  return {
    id: decision.id,
    generation_id: submissionOf(decided).id,
    stage: decision.stage,
    action: decision.action,
    policy: formatPolicyRef(decision.policy),
    body: { ...decision, findings: decided.findings, ...(decided.shadows === undefined ? {} : { shadows: decided.shadows }) },
    decided_at: decision.decidedAt.toISOString(),
  };
}

function openedCase(decided: Decided<Judgeable>): { openCase?: CaseRow } {
  const { decision } = decided;
  if (decision.caseId === undefined) return {};
  return {
    openCase: {
      id: decision.caseId,
      generation_id: submissionOf(decided).id,
      stage: decision.stage,
      decision_id: decision.id,
      opened_at: decision.decidedAt.toISOString(),
    },
  };
}

async function generationRow(decided: Decided<Prechecked>, { evidence, instanceId }: RecordParts) {
  const { submission, decision } = decided;
  const { request, caller } = submission;
  const { sealed, commitments } = await sealSubmission(submission, evidence);
  const state = stateAfter(decision);
  const row: GenerationRow = {
    id: submission.id,
    request_id: submission.requestId,
    key_id: caller.keyId,
    application: caller.application,
    surface: caller.surface,
    operation: request.operation,
    model: request.model,
    state,
    body_digest: submission.bodyDigest,
    idempotency_key: submission.idempotencyKey ?? null,
    owner: instanceId,
    submission: Buffer.from(sealed).toString('base64'),
    created_at: submission.receivedAt.toISOString(),
    answer: state === 'running' ? null : outcomeOf(decided),
  };
  return {
    row,
    commitments: {
      request: submission.requestId,
      key: caller.keyId,
      surface: caller.surface,
      operation: request.operation,
      model: request.model,
      ...commitments,
    },
  };
}
