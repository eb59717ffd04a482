import type { Category } from '../contracts/category.ts';
import type { Label } from './labels.ts';

/** What one check said of one picture: in which categories it raised an alarm, or that it could not tell. */
export type CheckAnswer = { readonly kind: 'said'; readonly alarms: readonly Category[] } | { readonly kind: 'could_not_tell' };

/** The largest face of a picture. */
export interface ObservedFace {
  readonly apparentAge: number;
  /** Not taken for an adult's. */
  readonly isYoung: boolean;
  /** Degrees; null where the picture has no color there. */
  readonly typologyAngle: number | null;
  readonly descriptor: Float32Array;
}

/** One labelled picture and what was seen of it. Kept in memory, never on disk: a description of a face is biometric. */
export interface Observation {
  readonly label: Label;
  readonly state: 'seen' | 'unreadable' | 'lost';
  readonly faces: number;
  readonly face: ObservedFace | null;
  readonly checks: ReadonlyMap<string, CheckAnswer>;
}
