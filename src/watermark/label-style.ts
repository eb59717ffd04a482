export const LABEL_POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left'] as const;
export type LabelPosition = (typeof LABEL_POSITIONS)[number];

/** How the visible label looks; what is left out is as the policy language documents it. */
export interface LabelStyle {
  readonly position?: LabelPosition;
  /** Height as a share of the shorter side. */
  readonly size?: number;
  /** ISO 639 code; an unknown one is English. */
  readonly language?: string;
}
