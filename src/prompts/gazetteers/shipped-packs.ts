/** The packs that ship, with the SHA-256 of their files. Whoever edits one edits its digest here, in the same commit. */
export const SHIPPED_PACKS = [
  { name: 'contexts', sha256: '46c31be996905308b29808c0e359a4c3889f6bbd3f66eb21365ef48b9e6ac7c0' },
  { name: 'public-figures', sha256: '31b75efb6b13eea5ac8dde6f68fd680b6c53dffa8b31697b0f3b86d273481870' },
  { name: 'artists', sha256: 'c3f35f69694c9087986dcf048e33e61d10a251ffcd03511de9d13396d09e8192' },
  { name: 'trademarks', sha256: '2f394523849c3d32164162ca7ac9ca7cd6e7a7348a1da54f5463661eb5169758' },
  { name: 'works', sha256: '9b654e049ebc4f904601a0dfb89e58bb8fcd0b88b4bc5faef513f136bc65dc22' },
  { name: 'politics', sha256: '1673154bdc73c136538e24196925d5a383924d1eabbc3c3fad80343200603873' },
] as const;
