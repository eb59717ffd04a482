/** What operators keep and change by the screens: registers, keys, people who work here, webhooks. As the gateway shows them. */
export interface Person {
  readonly id: string;
  readonly faces: number;
  readonly added_by: string;
  readonly added_at: string;
  readonly entries: PersonEntry[];
}

export interface PersonEntry {
  readonly id: string;
  readonly list: string;
  readonly scope?: { readonly purposes: string[] };
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

export interface OptOut {
  readonly id: string;
  readonly name: string;
  readonly aliases: string[];
  readonly works: string[];
  readonly what: string[];
  readonly reference: string;
  readonly expires_at: string | null;
  readonly added_at: string;
}

export interface HashList {
  readonly name: string;
  readonly source: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly is_signed?: boolean;
  readonly skipped?: number;
  readonly imported_by?: string;
  readonly imported_at?: string;
}

export interface Flagger {
  readonly id: string;
  readonly name: string;
  readonly last_four: string;
  readonly added_at: string;
  readonly revoked_at: string | null;
}

export interface Takedown {
  readonly artifact_id: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

export interface Gold {
  readonly id: string;
  readonly case_id: string;
  readonly decision: string;
  readonly policy: string | null;
  readonly rationale: string;
  readonly state: string;
  readonly shown: number;
  readonly made_by: string;
  readonly made_at: string;
}

export interface CalibrationLine {
  readonly id: string;
  readonly title: string;
  readonly made_by: string;
  readonly made_at: string;
  readonly participants: string[];
  readonly revealed_at: string | null;
  readonly minutes: string | null;
}

export interface Calibration extends CalibrationLine {
  readonly alpha: number | null;
  readonly items: {
    readonly position: number;
    readonly case_id: string;
    readonly answers: { readonly by: string; readonly decision: string; readonly reason: string | null }[];
  }[];
}

export interface StaffLine {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly roles: string[];
  readonly granted: string[];
  readonly last_sign_in_at: string;
  readonly blocked_at: string | null;
}

export interface KeyLine {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly roles: string[];
  readonly scopes: string[] | null;
  readonly application: string;
  readonly surface: string;
  readonly last_four: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly surfaces: string[] | null;
  readonly claims: {
    readonly issuer: string;
    readonly audience: string;
    readonly max_age_seconds: number;
    readonly use: string;
    readonly required: boolean;
  };
  readonly stopped_at: string | null;
}

export interface ClaimKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

export interface Endpoint {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly application: string | null;
  readonly events: string[];
  readonly state: string;
  readonly disabled_because: string | null;
  readonly is_configured: boolean;
  readonly failures: number;
  readonly last_delivered_at: string | null;
}

export interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly occurred_at: string;
  readonly ended_at: string | null;
}

/** What is asked of a route that makes or changes something; the gateway checks it and names the field that is wrong. */
export type Wish = Readonly<Record<string, unknown>>;
