import type { Readership } from '../contracts/audience.ts';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import { type Judgeable, type Prechecked, submissionOf } from '../contracts/stages.ts';
import type { ParameterValue } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { ActRows, EntryBody, RowsWithLeaves } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { decisionLedgerBody } from '../policy/ledger-body.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { caseRow } from '../review/open-case.ts';
import type { Queues } from '../review/queues.ts';
import type { CaseRow, DecisionRow, GenerationRow, GenerationState } from '../storage/act.ts';
import { outcomeOf } from './outcome-of.ts';
import { sealSubmission } from './seal-submission.ts';

interface RecordParts {
  readonly evidence: EvidenceStore;
  readonly instanceId: string;
  readonly policy: Pick<CompiledPolicy, 'checks'>;
  readonly queues?: Queues;
  readonly readership?: Readonly<Record<string, Readership>>;
  readonly promptDigest?: (prompt: string) => string;
  readonly userDigest?: (application: string, user: string) => string;
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
  const common = { decision: decisionRow(decided), ...openedCase(decided, parts) };

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
    body: {
      ...decision,
      findings: decided.findings,
      ...behaviorOf(decided),
      ...(decided.shadows === undefined ? {} : { shadows: decided.shadows }),
    },
    decided_at: decision.decidedAt.toISOString(),
  };
}

/** For whoever explains or appeals the decision. */
function behaviorOf(decided: Decided<Judgeable>) {
  return decided.stage === 'prompt' && decided.behavior !== undefined ? { behavior: decided.behavior } : {};
}

function openedCase(
  decided: Decided<Judgeable>,
  { queues, readership = {}, promptDigest, userDigest }: RecordParts,
): { openCase?: CaseRow } {
  const { decision } = decided;
  if (decision.caseId === undefined) return {};
  const { id: generationId, caller, language, request } = submissionOf(decided);
  const [only, ...others] = (Object.hasOwn(readership, caller.surface) ? readership[caller.surface]?.regions : undefined) ?? [];
  const region = caller.user?.region ?? (others.length === 0 ? only : undefined);
  const one = {
    id: decision.caseId,
    about: { kind: 'generation' as const, generationId, stage: decision.stage, decisionId: decision.id },
    openedAt: decision.decidedAt,
    categories: caseCategories(decided),
    surface: caller.surface,
    ...(region === undefined ? {} : { region }),
    ...(language === undefined ? {} : { language }),
    ...(userDigest === undefined || caller.user === undefined ? {} : { userDigest: userDigest(caller.application, caller.user.id) }),
    ...(promptDigest === undefined || request.prompt === '' ? {} : { promptDigest: promptDigest(request.prompt) }),
  };
  return { openCase: caseRow(one, queues) };
}

/** From here on a sign of a minor in sexual context makes a case one for cleared staff, whatever rule held it. */
const RESTRICTED_FROM = 0.1;

/** What policy named, and suspected child abuse also where another rule decided: who may look at a case depends on it. */
function caseCategories({ decision }: Decided<Judgeable>): readonly Category[] {
  const isSuspected =
    decision.reasoning?.risks.some(({ category, risk }) => category === 'sexual_minors' && risk >= RESTRICTED_FROM) ?? false;
  return CATEGORIES.filter((one) => decision.categories.includes(one) || (one === 'sexual_minors' && isSuspected));
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
    images: request.n,
    size: billed(request.parameters['size']),
    quality: billed(request.parameters['quality']),
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

/** A parameter by which pictures are priced. What no model knows is not kept: callers write what they like. */
function billed(value: ParameterValue | undefined): string {
  if (value === undefined || value === null) return 'auto';
  return typeof value === 'string' && /^[\w.:-]{1,40}$/.test(value) ? value : 'other';
}
