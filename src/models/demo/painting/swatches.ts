type Hex = `#${string}`;
/** A palette as a designer writes it; see `Palette` for what each is for. */
export interface Swatches {
  readonly sky: readonly [Hex, Hex, Hex, Hex];
  readonly orb: Hex;
  readonly glow: Hex;
  readonly haze: Hex;
  readonly near: Hex;
  readonly water: Hex;
  readonly accents: readonly [Hex, Hex, Hex];
  readonly night?: boolean;
}

export const SWATCHES = {
  sunset: {
    sky: ['#27305f', '#7d4a80', '#e8735c', '#ffcf8f'],
    orb: '#fff1cf',
    glow: '#ffab5e',
    haze: '#d8848a',
    near: '#20123f',
    water: '#3a2a58',
    accents: ['#f2545b', '#f6a04d', '#ffe0a3'],
  },
  dawn: {
    sky: ['#7397c2', '#b9bddb', '#f3cfc6', '#fdebcf'],
    orb: '#fffaf0',
    glow: '#ffdcb0',
    haze: '#cdb9c6',
    near: '#2f4257',
    water: '#6d87a3',
    accents: ['#e58a8a', '#f3b99b', '#fbe3d0'],
  },
  day: {
    sky: ['#2b6cb0', '#5fa3d6', '#b3d8ea', '#eef3e6'],
    orb: '#fffef2',
    glow: '#fff3c8',
    haze: '#aac8d6',
    near: '#173f34',
    water: '#1f5f7a',
    accents: ['#e84a4a', '#f5b83d', '#ffffff'],
  },
  night: {
    sky: ['#050a1e', '#0d1c44', '#1f3f73', '#4f76a3'],
    orb: '#f6f1dc',
    glow: '#9fbfe6',
    haze: '#3c5f8c',
    near: '#040814',
    water: '#0a1a38',
    accents: ['#8fb4ff', '#c7b6ff', '#f4e9c0'],
    night: true,
  },
  ocean: {
    sky: ['#1d5c8a', '#4d9cbf', '#a6d5d8', '#f2ecd0'],
    orb: '#fffbe8',
    glow: '#ffe9b0',
    haze: '#8fc0c8',
    near: '#0b3047',
    water: '#0b5470',
    accents: ['#f2765c', '#f5d06b', '#f7f4ea'],
  },
  forest: {
    sky: ['#4e8583', '#95bda4', '#dbe4bf', '#faf0d2'],
    orb: '#fffdf0',
    glow: '#fdf0b5',
    haze: '#a9c3a6',
    near: '#0e251c',
    water: '#2f5d50',
    accents: ['#e4a13a', '#d9634a', '#f4edd0'],
  },
  desert: {
    sky: ['#32799f', '#8dbcc4', '#f0d9b2', '#fdeac6'],
    orb: '#fffbe6',
    glow: '#ffdf9c',
    haze: '#e3b78d',
    near: '#6a2c1c',
    water: '#3d7f86',
    accents: ['#c8502f', '#e6a04a', '#f7e3bd'],
  },
  snow: {
    sky: ['#5f86b3', '#9dbbd8', '#d7e4ef', '#fdf1ea'],
    orb: '#fffdf8',
    glow: '#ffe9d6',
    haze: '#bccddf',
    near: '#223b5a',
    water: '#567ba0',
    accents: ['#d95763', '#7fa6cf', '#ffffff'],
  },
  crimson: {
    sky: ['#34101f', '#85202f', '#d84a37', '#fbae6c'],
    orb: '#fff0d0',
    glow: '#ff8a50',
    haze: '#c9584a',
    near: '#1c0812',
    water: '#521624',
    accents: ['#e8323c', '#f47b3f', '#ffd59a'],
  },
  amber: {
    sky: ['#7a5a3a', '#c98d4a', '#f2c573', '#fdebb8'],
    orb: '#fffbe4',
    glow: '#ffd877',
    haze: '#dcae6c',
    near: '#33200f',
    water: '#7a5a34',
    accents: ['#d9772b', '#f0b83c', '#fff0c0'],
  },
  violet: {
    sky: ['#241a52', '#5d3f98', '#b47ac2', '#f6c6cf'],
    orb: '#fff2ea',
    glow: '#f3a6d0',
    haze: '#a981bf',
    near: '#150d30',
    water: '#352463',
    accents: ['#c86bd6', '#f08fb3', '#fbd9c8'],
  },
  rose: {
    sky: ['#8c6d9c', '#d69ab4', '#f8c9c4', '#fff0e0'],
    orb: '#fffaf2',
    glow: '#ffd0bd',
    haze: '#dca8b4',
    near: '#402741',
    water: '#8a6486',
    accents: ['#e2587d', '#f59aa6', '#fff0ec'],
  },
  storm: {
    sky: ['#3a444f', '#66727c', '#a3abad', '#dcd9cc'],
    orb: '#f9f6ea',
    glow: '#e8dfc2',
    haze: '#9aa3a6',
    near: '#1a2126',
    water: '#3b4a52',
    accents: ['#c9a24b', '#8fa3ad', '#eceade'],
  },
} as const satisfies Record<string, Swatches>;
