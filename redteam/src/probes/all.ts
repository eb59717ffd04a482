import { CROSS_FIELD } from './cross-field.ts';
import { DOOR_PROBES } from './doors.ts';
import { LOOK_ALIKE_PROMPTS } from './look-alikes.ts';
import { MULTI_TURN } from './multi-turn.ts';
import type { Probe } from './probe.ts';
import { RESOURCES } from './resources.ts';
import { BENIGN_DISGUISED, MARKERS_DISGUISED } from './sweep.ts';

/** Every probe, in the order of the report's columns. */
export const PROBES: readonly Probe[] = [
  MARKERS_DISGUISED,
  BENIGN_DISGUISED,
  ...DOOR_PROBES,
  CROSS_FIELD,
  MULTI_TURN,
  RESOURCES,
  LOOK_ALIKE_PROMPTS,
];
