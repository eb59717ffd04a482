import sharp from 'sharp';
import { GLYPHS } from '../../watermark/label-glyphs.ts';

interface Drawing {
  /** Height of an em in pixels. */
  readonly size?: number;
  /** Clockwise. */
  readonly degrees?: number;
  readonly ink?: string;
  readonly paper?: string;
}

/** A PNG of 1,024 × 768 with lines of text in its middle; from outlines, so that no font is needed. The letters are those of our label: A G I K W Y acdegikmnoprtwyz. */
export function drawnText(
  lines: readonly string[],
  { size = 48, degrees = 0, ink = '#fff', paper = '#345' }: Drawing = {},
): Promise<Buffer> {
  const scale = size / 1_000;
  const drawn = lines.map((line, row) => {
    let x = -widthOf(line) / 2;
    const paths = [...line].map((letter) => {
      const [advance, path] = glyphOf(letter);
      const placed = `<path transform="translate(${x} ${(row - (lines.length - 1) / 2) * 1_500})" d="${path}"/>`;
      x += advance;
      return placed;
    });
    return paths.join('');
  });
  const turned = `translate(512 384) rotate(${degrees}) scale(${scale})`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="768"><g fill="${ink}" transform="${turned}">${drawn.join('')}</g></svg>`;
  return sharp({ create: { width: 1_024, height: 768, channels: 3, background: paper } })
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}

function widthOf(line: string): number {
  return [...line].reduce((sum, letter) => sum + glyphOf(letter)[0], 0);
}

function glyphOf(letter: string): readonly [number, string] {
  const glyph = GLYPHS[letter];
  if (glyph === undefined) throw new RangeError(`there is no outline of "${letter}"`);
  return [glyph[0], glyph[1]];
}
