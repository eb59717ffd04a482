import { SAME_PERSON_BELOW } from '../faces/same-person.ts';

/** Below this a face counts as a listed person's where that adds a restriction. */
export const LISTED_BELOW = SAME_PERSON_BELOW;
/** A consent counts nearer only: of 120,000 pairs of strangers none was (95 % bound of one in 40,000), and a miss costs no more than a question. */
export const CONSENTED_BELOW = 0.45;
/** Faces of fewer pixels are recognized too seldom to say that somebody agreed (22 pixels: distance of 0.46 to oneself). */
export const LEAST_CONSENTED_PX = 40;
