import type { Brief } from './brief.ts';
import { city } from './city.ts';
import { mix } from './color.ts';
import { field } from './field.ts';
import { mountains } from './mountains.ts';
import { paperRelief } from './paper-relief.ts';
import { paperWaves } from './paper-waves.ts';
import { seascape } from './seascape.ts';
import { orbDisc, sky } from './sky.ts';
import { stillLife } from './still-life.ts';
import type { Layer, Surface } from './surface.ts';

/** The layers of a picture, back to front. */
export function compose(surface: Surface, brief: Brief): Layer[] {
  switch (brief.family) {
    case 'mountains':
      return mountains(surface, brief);
    case 'seascape':
      return seascape(surface, brief);
    case 'city':
      return city(surface, brief);
    case 'meadow':
      return field(surface, brief);
    case 'still_life':
      return stillLife(surface, brief);
    case 'paper':
      return paper(surface, brief);
  }
}

function paper(surface: Surface, brief: Brief): Layer[] {
  const chance = brief.chance.fork('paper');
  const flowing = ['wave', 'waves', 'minimal', 'layers'].some((word) => brief.words.has(word));
  const round = ['swirl', 'marble', 'pattern', 'texture'].some((word) => brief.words.has(word));
  if (!flowing && !surface.cutOut && (round || chance.between() < 0.5)) return [paperRelief(surface, brief.palette, chance)];
  const orb = { x: chance.between(0.3, 0.7), y: chance.between(0.24, 0.32), radius: chance.between(0.11, 0.16) };
  const calm = { ...brief.palette, night: false, orb: mix(brief.palette.orb, brief.palette.glow, 0.35) };
  return [sky(surface, calm, orb, 1.25), orbDisc(surface, calm, orb, () => 0), ...paperWaves(surface, brief.palette, chance)];
}
