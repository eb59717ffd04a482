/** A part of a picture, in fractions of its width and height. */
export interface Region {
  readonly media?: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly how: 'blur' | 'crop';
}

/** What a reviewer has filled in and not yet sent. */
export interface Draft {
  readonly decision?: string | null;
  readonly reasons?: string[];
  readonly note?: string | null;
  readonly regions?: Region[];
}

export interface DecisionRequest {
  readonly decision: string;
  readonly policy?: string;
  readonly reasons?: string[];
  readonly note?: string;
  readonly regions?: Region[];
  readonly user_action?: string;
  /** 1–365; for acts that end by themselves. */
  readonly user_action_days?: number;
  readonly escalate_to?: string;
  readonly lease?: string;
  readonly fence?: number;
  readonly apply_to_cluster?: boolean;
}

/** What everybody will be sent by a decision, and who else has to agree first. */
export interface Preview {
  readonly waits_for: 'second_person' | 'boards' | null;
  readonly receivers: PreviewPart[];
}

/** What one receiver will be sent. */
export interface PreviewPart {
  readonly to: string;
  readonly title: string;
  readonly text: string;
  readonly data?: unknown;
}
