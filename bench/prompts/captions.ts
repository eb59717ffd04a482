const SUBJECTS =
  'lighthouse,wooden boat,old teapot,market street,mountain lake,red bicycle,sleeping cat,stone bridge,city skyline,paper crane,brass telescope,orchard in bloom';
const MANNERS = 'painted in watercolor,photographed at dusk,drawn with charcoal,in soft morning light,seen from above,as a paper collage';
const PLACES = 'above the sea,beside a quiet river,in a busy harbor,under heavy snow,between tall pines,near Marovik station,at 7:30 am';
const DETAILS =
  'warm colors,fine grain,35mm film,wide angle,muted palette,a flock of birds,long shadows,reflections in puddles,ultra detailed,trending on artboard';

/**
 * A source of neutral prompts for images, 125 characters on average, none twice: each ends in a number of its own. Some hold a
 * place name that no word list has, numbers and signs, as people's prompts do.
 */
export function captions(seed: number): () => string {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  let count = 0;
  const pick = (list: string) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const items = list.split(',');
    return items[(state >>> 8) % items.length] ?? '';
  };
  return () =>
    `a ${pick(SUBJECTS)} ${pick(PLACES)} and a ${pick(SUBJECTS)}, ${pick(MANNERS)}, ${pick(DETAILS)}, ${pick(DETAILS)}, variation ${seed}-${count++}`;
}
