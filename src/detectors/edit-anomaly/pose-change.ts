import type { SeenFace } from '../looking/sight.ts';

/** How differently somebody holds their head in two pictures. */
export interface PoseChange {
  /** 0 to 180. */
  readonly turnedDegrees: number;
  /** All of it in one number: 0 where it is the same, 1 where it is another pose. */
  readonly share: number;
}

/**
 * What the reading of one face is off by when the picture was only compressed, made smaller or darker, and from where on a pose is another one. Degrees
 * of roll, and shares of the distance of the eyes, and of eyes and mouth.
 */
const ROLL = { noise: 6, other: 30 } as const;
const FACING = { noise: 0.1, other: 0.4 } as const;

type PosedFace = Pick<SeenFace, 'rollDegrees' | 'facing'>;

/** Of one person's face before and after. Where it is in the picture says nothing: a picture may be cut. */
export function poseChangeOf(before: PosedFace, after: PosedFace): PoseChange {
  const turn = Math.abs(before.rollDegrees - after.rollDegrees) % 360;
  const turnedDegrees = Math.min(turn, 360 - turn);
  const aside = Math.abs(before.facing.aside - after.facing.aside);
  const down = Math.abs(before.facing.down - after.facing.down);
  return { turnedDegrees, share: Math.max(beyond(turnedDegrees, ROLL), beyond(aside, FACING), beyond(down, FACING)) };
}

function beyond(value: number, { noise, other }: { readonly noise: number; readonly other: number }): number {
  return Math.min(1, Math.max(0, (value - noise) / (other - noise)));
}
