import type { Brief } from './brief.ts';
import { flock, flyingBalloons } from './flying.ts';
import { hasWord, heaven, placeOrb } from './heaven.ts';
import { forestOn, range } from './range.ts';
import type { Ground } from './ridge.ts';
import type { Layer, Surface } from './surface.ts';

/** Ridges that fade into the haze, with forest on the nearer ones. */
export function mountains(surface: Surface, brief: Brief): Layer[] {
  const { palette, chance } = brief;
  const orb = placeOrb(brief, chance.between(0.36, 0.46));
  const desert = hasWord(brief, 'desert', 'dune', 'dunes', 'sand', 'canyon');
  const hilly = hasWord(brief, 'hill', 'hills', 'valley', 'forest', 'fog', 'mist');
  const count = 6;
  const lay: Layer[] = heaven(surface, brief, orb, 0.74);
  const aloft = hasWord(brief, 'balloon', 'balloons') || chance.fork('balloon').between() < 0.16;
  if (aloft) lay.push(flyingBalloons(surface, brief, orb));
  const groundOf = (near: number): Ground => (desert ? (near < 0.3 ? 'rock' : 'dune') : hilly || near > 0.55 ? 'hill' : 'rock');
  const cover = new Float32Array(surface.width).fill(surface.height);
  const ranges: Layer[] = [];
  for (let index = count - 1; index >= 0; index--) {
    const near = index / (count - 1);
    const made = range(surface, brief, orb, { near, index, ground: groundOf(near), cover });
    // The crest hides the feet of its trees.
    ranges.unshift(...(!desert && near > 0.45 ? [forestOn(surface, brief, made, near)] : []), made);
  }
  lay.push(...ranges);
  if (!aloft && !palette.night && chance.fork('birds').between() < 0.5) lay.push(flock(surface, brief, orb, 0.3));
  return lay;
}
