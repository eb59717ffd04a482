import type { Act } from './dossier.ts';

/** Who is signed in. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly roles: string[];
  readonly permissions: string[];
  readonly language: string | null;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly exposure: { readonly today: number; readonly budget: number | null; readonly resumes_at: string | null } | null;
  readonly csrf_token: string | null;
}

/** What somebody would rather not see, and how much they have seen. */
export interface Welfare {
  readonly opt_outs: string[];
  readonly budgets: { readonly category: string; readonly today: number; readonly budget: number | null }[];
  readonly resumes_at?: string | null;
  readonly break?: { readonly until: string } | null;
  readonly offered?: { readonly why: string } | null;
  readonly week?: { readonly seen: number; readonly budget: number };
  readonly blocked?: { readonly category: string; readonly because: string; readonly resumes_at: string | null }[];
}

export interface SignInOptions {
  readonly oidc: boolean;
  readonly oidc_name: string | null;
  readonly development: boolean;
}

export interface Queue {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly pending: number;
  readonly mine: number;
  readonly oldest_at: string | null;
  readonly first_due_at: string | null;
  readonly forecast: { readonly breaches_next_4h: number } | null;
  readonly eligible: boolean;
  readonly blocked_because: { readonly because: string; readonly text: string; readonly resumes_at: string | null } | null;
}

/** One line of a list of cases, appeals or notices. */
export interface CaseLine {
  readonly id: string;
  readonly case_id?: string;
  readonly kind: string;
  readonly status: string;
  readonly queue?: string;
  readonly opened_at: string;
  readonly due_at?: string | null;
  readonly first_due_at?: string | null;
  readonly language?: string | null;
  readonly summary?: string | null;
  readonly undo_until?: string | null;
  /** Of a decision or correction: another person has to say it, too. */
  readonly waits_for_second?: boolean;
  /** Of a decision: which one stands on record. */
  readonly recorded?: string;
  readonly lane?: string | null;
  readonly receipt?: string | null;
  readonly duplicates?: number;
  readonly categories?: string[];
}

export interface SearchResults {
  readonly generations: {
    readonly id: string;
    readonly surface?: string;
    readonly model?: string;
    readonly status?: string;
    readonly created_at?: string;
  }[];
  readonly artifacts: {
    readonly id: string;
    readonly generation_id?: string;
    readonly created_at?: string;
    readonly taken_down?: boolean;
  }[];
  readonly users: {
    readonly pseudonym: string;
    readonly generations?: number;
    readonly refused?: number;
    readonly held?: number;
    readonly strikes?: number;
  }[];
  readonly cases: CaseLine[];
  readonly matches?: { readonly by: string; readonly artifact_id: string; readonly distance: number | null }[];
}

export interface AuditLine extends Act {
  readonly subject?: string | null;
  /** The picture or file, where it was not the whole case. */
  readonly target?: string | null;
  readonly reason?: string | null;
}

/** One board's word; `approves` is null until it has spoken. */
export interface BoardVote {
  readonly by_role: string;
  readonly approves: boolean | null;
  readonly by: string | null;
  readonly at: string | null;
}

export interface PolicyVersion {
  readonly ref: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly state: 'active' | 'proposed' | 'retired';
  readonly origin: 'configuration' | 'proposal';
  readonly proposed_by: string;
  readonly proposed_at: string;
  readonly note: string | null;
  readonly activated_at: string | null;
  readonly activated_by: string | null;
  readonly asked: { readonly state: string; readonly by: string; readonly at: string; readonly case_id: string | null } | null;
  readonly approvals: BoardVote[];
  readonly tests: { readonly total: number; readonly failed: number } | null;
  readonly text?: string;
  readonly previous_text?: string | null;
}

export interface Change {
  readonly stage: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly examples: string[];
  readonly categories: { readonly category: string; readonly count: number }[];
  readonly regions: { readonly region: string; readonly count: number }[];
}

export interface Replay {
  readonly from: string;
  readonly to: string;
  readonly total: number;
  readonly same: number;
  readonly changed: Change[];
  readonly lacking: { readonly check: string; readonly count: number }[];
  readonly untold: number;
}

export interface Exception {
  readonly id: string;
  readonly state: 'asked' | 'open' | 'rejected' | 'ended' | 'lapsed';
  readonly rule: string;
  readonly surface: string;
  readonly application: string | null;
  readonly reason: string;
  readonly until: string;
  readonly asked_by: string;
  readonly case_id: string;
  readonly approvals: BoardVote[];
}

export interface Gate {
  readonly capability: string;
  readonly model: string;
  readonly operation: string;
  readonly option: string | null;
  readonly state: 'off' | 'allowlist' | 'percent' | 'on';
  readonly percent?: number | null;
  readonly allowlist?: number;
  /** Where it is otherwise. */
  readonly overrides?: { readonly surface?: string; readonly region?: string; readonly state: string; readonly percent?: number }[];
  /** Present while it is watched and would roll itself back. */
  readonly canary?: { readonly roll_back_to?: string };
  readonly version: number;
  readonly reason: string | null;
  readonly by: string | null;
  readonly changed_at: string | null;
}

export interface Kill {
  readonly id: string;
  readonly state: 'on' | 'lifting' | 'lifted' | 'expired';
  readonly scope: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly by: string;
  readonly thrown_at: string;
  /** False: it is on, and could not be written down. */
  readonly recorded?: boolean;
  readonly until: string | null;
  readonly lift_needs_second?: boolean;
  readonly lift_asked_by?: string | null;
  /** How many processes act on it. */
  readonly seen_by?: number;
  readonly processes?: number;
}
