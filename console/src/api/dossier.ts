import type { BoardVote } from './answers.ts';
import type { Draft } from './decision.ts';
import type { UserHistory } from './user-history.ts';

/** What `GET /v1/cases/{id}` answers, as the screens read it. Times are RFC 3339; positions in texts are UTF-16 units. */
export interface Dossier {
  readonly object: 'case';
  readonly id: string;
  readonly kind: 'generation' | 'upload' | 'appeal' | 'notice' | 'approval' | 'campaign';
  readonly stage: string | null;
  readonly status: 'open' | 'released' | 'blocked' | 'escalated' | 'closed';
  readonly generation_id: string | null;
  readonly upload_id: string | null;
  readonly decision_id: string | null;
  readonly queue: string;
  readonly restricted: boolean;
  readonly categories: string[];
  readonly region: string | null;
  readonly language: string | null;
  readonly opened_at: string;
  readonly closed_at: string | null;
  readonly closed_by: string | null;
  readonly lease: LeaseState | null;
  readonly clocks: Clock[];
  readonly why: Why[];
  readonly request: GenerationRequest | null;
  readonly conversation: Turn[];
  readonly media: Medium[];
  readonly provenance: Readonly<Record<string, unknown>> | null;
  readonly people: PersonMatch[];
  readonly user: UserHistory | null;
  readonly similar: SimilarCase[];
  readonly takedowns: Takedown[];
  readonly cluster: { readonly size: number; readonly case_ids: string[] } | null;
  readonly signals: Signal[] | null;
  readonly decisions: CaseDecision[];
  readonly second_review: { readonly needed: boolean; readonly why: string; readonly waiting_for?: string } | null;
  readonly policy: CasePolicy;
  readonly draft: Draft | null;
  readonly history: Act[];
  readonly undo_until?: string | null;
  /** Whether the reader may decide it, as far as roles and earlier words go. */
  readonly may_decide?: boolean;
  /** Appeals and notices: what the person wrote. */
  readonly statement?: string | null;
  /** Who else has the case open. */
  readonly viewers?: Viewer[];
  /** Of an approval: what is asked, and what the boards have said. */
  readonly approval?: Approval | null;
  /** Ids that the case is about, by kind. */
  readonly subject?: Readonly<Record<string, unknown>> | null;
}

export interface Approval {
  readonly what: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly boards: BoardVote[];
}

export interface Viewer {
  readonly who: string;
  readonly since: string;
}

export interface LeaseState {
  readonly mine: boolean;
  readonly holder_is_other: boolean;
  readonly until: string;
}

/** A lease that this tab holds. `fence` grows with each claim; a write under an older one is refused. */
export interface Lease {
  readonly id: string;
  readonly fence: number;
  readonly until: string;
}

export interface Clock {
  readonly id: string;
  readonly name: string;
  readonly law: string | null;
  readonly source: string | null;
  readonly started_at: string;
  readonly due_at: string;
  readonly is_statutory: boolean;
  readonly state: string;
}

export interface Why {
  readonly rule: string;
  readonly description?: string | null;
  readonly check?: string | null;
  readonly reason?: string | null;
}

export interface GenerationRequest {
  readonly operation: string;
  readonly model: string;
  readonly surface: string;
  readonly application: string;
  readonly prompt: string | null;
  /** The prompt with look-alike letters, invisible characters and spacing tricks undone. */
  readonly prompt_undone: string | null;
  readonly spans: Span[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly category: string;
  readonly rule: string | null;
}

export interface Turn {
  readonly at: string;
  readonly text: string | null;
  readonly action: string | null;
}

export interface Medium {
  readonly id: string;
  readonly role: 'input' | 'output';
  /** Null where nobody has decoded it yet. */
  readonly width: number | null;
  readonly height: number | null;
  readonly alt: string | null;
  readonly partner: string | null;
}

export interface PersonMatch {
  readonly face: string | number | null;
  readonly person: string | null;
  readonly list: string;
  readonly consent: { readonly covers: string[] | boolean; readonly expires_at: string | null } | null;
  readonly distance: number | null;
}

export interface SimilarCase {
  readonly case_id: string;
  readonly decision: string;
  readonly decided_at: string;
  readonly distance: number;
}

export interface Takedown {
  readonly artifact_id: string;
  readonly reason: string;
  readonly distance: number;
}

export interface Signal {
  readonly check: string;
  readonly signal: string;
  /** One thing that is found can speak of several. */
  readonly category?: string | null;
  readonly score?: number | null;
  readonly threshold?: number | null;
  readonly text?: string | null;
}

export interface CaseDecision {
  readonly id: string;
  readonly seq: number;
  readonly decision: string;
  readonly policy: string | null;
  readonly reasons: string[];
  readonly note: string | null;
  readonly by: string;
  readonly role: 'first' | 'second' | 'correction' | 'timer';
  readonly decided_at: string;
  readonly effective_at: string | null;
  readonly undone_at: string | null;
}

/** Which decisions are allowed now, and what each of them asks for. */
export interface AllowedDecision {
  readonly name: string;
  readonly needs_reason?: boolean;
  readonly needs_note?: boolean;
  readonly is_final?: boolean;
  readonly second_review?: boolean;
}

export interface CasePolicy {
  readonly ref: string;
  readonly excerpt: string | null;
  readonly decisions: (string | AllowedDecision)[];
  /** What a correction may say now; nothing while it is open, of approvals, and of an appeal that was granted. */
  readonly corrections: string[];
  /** What may happen to the person, or why nothing can. */
  readonly user_actions?: { readonly names: string[]; readonly unavailable: string | null };
  /** `against`: a reason not to let it out. */
  readonly reasons: { readonly code: string; readonly text: string; readonly side?: 'for' | 'against' }[];
}

export interface Act {
  readonly at: string;
  readonly by: string | null;
  readonly act: string;
  readonly text?: string | null;
  readonly entry?: { readonly index: number; readonly proof_url: string } | null;
}
