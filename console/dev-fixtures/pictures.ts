import sharp from 'sharp';

const WIDTH = 768;
const HEIGHT = 960;

/** A quiet abstract poster, another for each seed: a gradient, a horizon, a disc. */
function poster(seed: number, isInput: boolean): string {
  const hue = (seed * 67) % 360;
  const disc = isInput
    ? ''
    : `<circle cx="${260 + ((seed * 53) % 260)}" cy="330" r="${110 + ((seed * 17) % 60)}" fill="hsl(${(hue + 40) % 360} 80% 78%)"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
<defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="hsl(${hue} 55% 62%)"/><stop offset="1" stop-color="hsl(${(hue + 50) % 360} 45% 30%)"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#a)"/>${disc}
<path d="M0 640L190 500L330 610L520 430L768 650V960H0Z" fill="hsl(${(hue + 200) % 360} 30% 24%)"/>
<path d="M0 760Q200 690 400 770T768 740V960H0Z" fill="hsl(${(hue + 190) % 360} 32% 16%)"/></svg>`;
}

const cache = new Map<string, Promise<Buffer>>();

function once(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const made = cache.get(key) ?? make();
  cache.set(key, made);
  return made;
}

/** So many different ones: a run over hundreds of cases draws no more. */
const POSTERS = 7;
const seedOf = (mediaId: string) => [...mediaId].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 997, 7) % POSTERS;
const nameOf = (mediaId: string) => `${seedOf(mediaId.replace(/-in$/, ''))}${mediaId.endsWith('-in') ? '-in' : ''}`;

/** The picture as a reviewer sees it when it is revealed. */
export function picture(mediaId: string): Promise<Buffer> {
  return once(nameOf(mediaId), () =>
    sharp(Buffer.from(poster(seedOf(mediaId.replace(/-in$/, '')), mediaId.endsWith('-in'))))
      .webp()
      .toBuffer(),
  );
}

/** What is shown before: small, grey and blurred, so that the rest never leaves the server. */
export async function derivative(mediaId: string, blur = 1): Promise<Buffer> {
  const bytes = await picture(mediaId);
  return once(`${nameOf(mediaId)}/${blur}`, () =>
    sharp(bytes)
      .resize(192)
      .greyscale()
      .blur(3 + 4 * blur)
      .webp({ quality: 60 })
      .toBuffer(),
  );
}

export const PICTURE_SIZE = { width: WIDTH, height: HEIGHT };
