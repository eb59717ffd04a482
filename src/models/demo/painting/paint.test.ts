import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../detectors/containers/container-report.ts';
import { readContainer } from '../../../detectors/containers/read-container.ts';
import { readBrief } from './brief.ts';
import { paint, paintSvg } from './paint.ts';

const PROMPTS = [
  'a bowl of fruit',
  'a city at night',
  'the sea with a lighthouse',
  'a tree in a meadow',
  'paper waves',
  'marble',
  'dunes',
  'snowy mountains with a balloon',
];
const brief = (prompt: string, seed = 0, index = 0) => readBrief(prompt, seed, index);

describe.each(PROMPTS)('a painting of %s', (prompt) => {
  const size = { width: 120, height: 80 };

  it('fills the whole picture, and less of it as a cut-out', () => {
    const alphas = (pixels: Uint8Array) => pixels.filter((_, at) => at % 4 === 3);
    expect(new Set(alphas(paint(brief(prompt), size)))).toEqual(new Set([255]));
    const cut = alphas(paint(brief(prompt), { ...size, cutOut: true }));
    expect([Math.min(...cut), Math.max(...cut)]).toEqual([0, 255]);
  });

  it('depends on prompt, seed and index only', () => {
    const of = (seed: number, index: number) => Buffer.from(paint(brief(prompt, seed, index), size)).toString('base64');
    expect(of(3, 1)).toBe(of(3, 1));
    expect(new Set([of(0, 0), of(0, 1), of(1, 0), Buffer.from(paint(brief(`${prompt} 2`), size)).toString('base64')]).size).toBe(4);
  });

  it('moves', () => {
    const at = (moment: number) => Buffer.from(paint(brief(prompt), { ...size, moment }));
    expect(at(0.1).equals(at(0.35))).toBe(false);
  });

  it('is an SVG that our own checks let pass, however wide it is', () => {
    const svg = Buffer.from(paintSvg(brief(prompt), { width: 4096, height: 1366 }));
    expect(readContainer(svg, DEFAULT_LIMITS).kind).not.toBe('refused');
  });
});

describe('a prompt', () => {
  it.each([
    ['a red ball on a blue table', 'still_life'],
    ['Eine CITY', 'city'],
    ['a sailboat at sunset', 'seascape'],
    ['snowy mountains', 'mountains'],
    ['a vase of flowers', 'still_life'],
    ['geometric shapes', 'paper'],
  ])('%s chooses the scene %s', (prompt, family) => {
    expect(brief(prompt).family).toBe(family);
  });

  it.each(['', '🙂', 'constructor __proto__ toString', 'a portrait of a person', 'x'.repeat(30_000)])(
    'of any words gives a picture',
    (prompt) => {
      expect(paint(brief(prompt), { width: 64, height: 64 })).toHaveLength(64 * 64 * 4);
    },
  );

  it('gives the ball its color and the table its own', () => {
    const { palette, ground } = brief('a red ball on a green table');
    expect(palette.accents[0][0]).toBeGreaterThan(palette.accents[0][1]);
    expect(ground?.[1]).toBeGreaterThan(ground?.[0] ?? 1);
  });
});
