import { GLYPHS, LABEL_TEXTS } from './label-glyphs.ts';

export interface Badge {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

interface BadgeOptions {
  /** Pixels. */
  readonly height: number;
  readonly maxWidth: number;
  readonly language: string;
  /** The picture under the badge is rather light. */
  readonly onLight: boolean;
}

/** All in shares of the badge's height; the letters' in capitals, whose height is 0.73 of the em. */
const EM = 0.56;
const PADDING = 0.36;
const BASELINE = 0.5 + (0.73 * EM) / 2;
const STROKE_UNITS = 105;
/** What fits where no words do. It is understood in every language that we speak. */
const SHORT = 'AI';

/**
 * The words "AI-generated" in a language, on a plate that stands out from what is under it: dark on light pictures and light on dark ones,
 * with a rim of the other color, so that it reads on anything between. Falls back to "AI" where the words would not fit.
 */
export function drawBadge({ height, maxWidth, language, onLight }: BadgeOptions): Badge {
  const words = (Object.hasOwn(LABEL_TEXTS, language) ? LABEL_TEXTS[language] : LABEL_TEXTS['en']) ?? SHORT;
  const text = widthOf(words, height) <= maxWidth ? words : SHORT;
  const width = Math.max(1, Math.min(Math.round(widthOf(text, height)), maxWidth));
  const [plate, ink] = onLight ? ['#0b1220', '#ffffff'] : ['#ffffff', '#0b1220'];
  const rim = Math.max(1, height * 0.03);
  const fit = Math.min(1, width / widthOf(text, height));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect x="${rim / 2}" y="${rim / 2}" width="${Math.max(0, width - rim)}" height="${Math.max(0, height - rim)}" rx="${height * 0.28}" fill="${plate}" fill-opacity=".88" stroke="${ink}" stroke-opacity=".45" stroke-width="${rim}"/>
    <g transform="scale(${fit} 1) translate(${PADDING * height} ${BASELINE * height}) scale(${(EM * height) / 1000})" fill="${ink}" stroke="${ink}" stroke-width="0">${outlines(text)}</g>
  </svg>`;
  return { svg, width, height };
}

function widthOf(text: string, height: number): number {
  return height * (2 * PADDING + (EM * advance(text)) / 1000);
}

function advance(text: string): number {
  return [...text].reduce((sum, char) => sum + (GLYPHS[char]?.[0] ?? 0), 0);
}

function outlines(text: string): string {
  let at = 0;
  return [...text]
    .map((char) => {
      const [width, path, isStroke = false] = GLYPHS[char] ?? [0, ''];
      const paint = isStroke ? ` fill="none" stroke-width="${STROKE_UNITS}" stroke-linecap="round" stroke-linejoin="round"` : '';
      const drawn = path === '' ? '' : `<path transform="translate(${at})" d="${path}"${paint}/>`;
      at += width;
      return drawn;
    })
    .join('');
}
