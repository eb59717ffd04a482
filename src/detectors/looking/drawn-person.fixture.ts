import sharp from 'sharp';
import { seededRandom } from '../../../bench/random.ts';

/** Side of the picture, in pixels. */
export const DRAWN_SIDE = 512;
/** Where the face is drawn. */
export const DRAWN_FACE = { x: 222, y: 132 };
const SCALE = 0.64;
const FOLDS = 70;

const HAIR = '#8d8a86';
const SHADE = '#8a5c46';
const LINE = '#6d4634';

/** Half a face, and its mirror image beside it. */
const bothSides = (half: string) => `${half}<g transform="scale(-1,1)">${half}</g>`;

const EYE = `
  <path d="M-64,-42 C-50,-53 -30,-51 -18,-44 L-19,-38 C-32,-45 -50,-46 -63,-36Z" fill="#55493f"/>
  <path d="M-58,-16 C-48,-28 -30,-28 -20,-15 C-30,-8 -48,-8 -58,-16Z" fill="#f2ece6"/>
  <circle cx="-39" cy="-18" r="9" fill="#4a3524"/><circle cx="-39" cy="-18" r="4.4" fill="#111"/>
  <path d="M-60,-16 C-48,-31 -30,-31 -18,-15" fill="none" stroke="#2a1b14" stroke-width="3"/>
  <path d="M-56,-4 C-46,3 -32,3 -22,-4 M-58,2 C-46,10 -32,9 -24,4 M-70,-22 L-82,-28 M-70,-14 L-84,-12 M-69,-7 L-80,0" fill="none" stroke="${LINE}" stroke-width="1.8" opacity=".7"/>`;

const FACE = `
  <path d="M-105,-20 C-120,-150 120,-150 105,-20 C112,20 100,40 95,10 L-95,10 C-100,40 -112,20 -105,-20Z" fill="${HAIR}"/>
  <rect x="-40" y="70" width="80" height="70" fill="#a5745a"/>
  ${bothSides('<ellipse cx="-88" cy="5" rx="14" ry="28" fill="#b98467"/>')}
  <path d="M-87,-40 C-87,-118 87,-118 87,-40 C90,25 80,78 46,103 C18,118 -18,118 -46,103 C-80,78 -90,25 -87,-40Z" fill="url(#skin)"/>
  <path d="M-94,-30 C-97,-132 97,-132 94,-30 C86,-82 46,-102 0,-100 C-46,-102 -86,-82 -94,-30Z" fill="${HAIR}"/>
  <g filter="url(#soft)" opacity=".6">
    ${bothSides(`<ellipse cx="-38" cy="-20" rx="26" ry="14" fill="${SHADE}"/><ellipse cx="-60" cy="45" rx="14" ry="30" fill="${SHADE}"/>`)}
    <path d="M6,-15 L20,32 L-4,36Z" fill="${SHADE}"/><ellipse cx="0" cy="86" rx="26" ry="7" fill="${SHADE}"/>
  </g>
  <g filter="url(#crisp)">
    ${bothSides(EYE)}
    ${bothSides(`<path d="M-24,28 C-38,40 -42,54 -40,68 M-34,74 C-36,82 -34,88 -30,92" fill="none" stroke="${LINE}" stroke-width="2.4" opacity=".75"/>`)}
    <path d="M-48,-70 C-20,-76 20,-76 48,-70 M-44,-60 C-20,-65 20,-65 44,-60 M-6,-44 L-4,-32 M6,-44 L4,-32" fill="none" stroke="${LINE}" stroke-width="2" opacity=".6"/>
    <path d="M-18,34 C-23,24 -14,21 -10,30 C-4,40 4,40 10,30 C14,21 23,24 18,34 C10,40 -10,40 -18,34Z" fill="#a9755c"/>
    ${bothSides('<ellipse cx="-8" cy="35" rx="4.5" ry="3" fill="#5d3b2c"/>')}
    <path d="M-30,64 C-18,57 -8,59 0,61 C8,59 18,57 30,64 C18,74 -18,74 -30,64Z" fill="#9c5f52"/>
    <path d="M-31,64 C-15,66 15,66 31,64" stroke="#55241f" stroke-width="2.4" fill="none"/>
  </g>`;

/** Soft light and dark strokes: cloth that somebody could dye and its folds would stay. */
function cloth(): string {
  const random = seededRandom(5);
  const strokes = Array.from({ length: FOLDS }, () => {
    const [x, y] = [40 + 400 * random(), 220 + 290 * random()];
    const [dx, dy] = [60 * random() - 30, 30 + 60 * random()];
    const color = random() < 0.5 ? '#0b1a2c' : '#b9cfe8';
    return `<path d="M${x},${y} q${dx},${dy / 2} ${dx / 2},${dy}" stroke="${color}" stroke-width="${3 + 8 * random()}" opacity="${0.25 + 0.3 * random()}" fill="none"/>`;
  });
  return `<clipPath id="body"><path d="M40,512 C44,300 110,236 ${DRAWN_FACE.x},222 C334,236 400,300 404,512Z"/></clipPath>
    <g clip-path="url(#body)"><rect y="200" width="512" height="312" fill="#31557f"/><g filter="url(#crisp)">${strokes.join('')}</g></g>`;
}

/**
 * A person of lines and gradients whom the networks take for one, in clothes with folds: nobody's likeness, so tests need none. PNG, 512 × 512.
 */
export async function drawnPerson(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${DRAWN_SIDE}" height="${DRAWN_SIDE}">
    <defs>
      <radialGradient id="skin" cx=".42" cy=".4" r=".75"><stop offset="0" stop-color="#d9ac8e"/><stop offset=".6" stop-color="#c08f71"/><stop offset="1" stop-color="#85583f"/></radialGradient>
      <filter id="soft"><feGaussianBlur stdDeviation="5"/></filter><filter id="crisp"><feGaussianBlur stdDeviation="1.2"/></filter>
    </defs>
    <rect width="512" height="512" fill="#8fa3b0"/>
    <g transform="translate(${DRAWN_FACE.x},${DRAWN_FACE.y}) scale(${SCALE})">${FACE}</g>
    ${cloth()}
  </svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}
