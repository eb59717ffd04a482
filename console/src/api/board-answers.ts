/** A figure with its interval. */
export interface Measure {
  readonly name: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly threshold?: number | null;
}

export interface Quality {
  readonly from: string;
  readonly to: string;
  readonly policies: {
    readonly policy: string;
    readonly n: number;
    readonly prevalence: number | null;
    readonly measures: Measure[];
    readonly confusion: { readonly labels: string[]; readonly rows: number[][] } | null;
  }[];
  readonly reviewers: {
    readonly reviewer: string;
    readonly gold: number;
    readonly is_enough?: boolean;
    readonly correct: number;
    readonly low: number | null;
    readonly high: number | null;
    readonly cusum: { readonly values: number[]; readonly threshold: number; readonly alarm_at: string | null } | null;
  }[];
  readonly notes?: string[];
}

export interface Operations {
  readonly slos: {
    readonly id: string;
    readonly name: string;
    readonly objective: string;
    readonly target: number;
    readonly current: number | null;
    readonly good: number;
    readonly total: number;
    readonly burn: { readonly window: string; readonly rate: number | null; readonly threshold: number; readonly is_firing: boolean }[];
    readonly budget_left: number | null;
  }[];
  readonly volumes: {
    readonly bucket: string;
    readonly points: {
      readonly at: string;
      readonly generations: number;
      readonly refused: number;
      readonly held: number;
      readonly released: number;
      readonly blocked: number;
    }[];
  } | null;
  readonly categories: { readonly category: string; readonly count: number; readonly previous: number }[];
  readonly surfaces: { readonly surface: string; readonly count: number; readonly previous: number }[];
  readonly drift: {
    readonly metric: string;
    readonly psi: number | null;
    /** The value that grew most, for its examples. */
    readonly moved?: string | null;
    readonly level: 'calm' | 'watch' | 'alarm';
    readonly since: string | null;
    readonly examples: string[];
  }[];
}
