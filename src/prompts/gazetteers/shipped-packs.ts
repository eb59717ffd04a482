/** The packs that ship, with the SHA-256 of their files. Whoever edits one edits its digest here, in the same commit. */
export const SHIPPED_PACKS = [
  { name: 'contexts', sha256: '98d21189d36fd11b24c982e33edcc8ed455ce610abbfe34a7c5d685b39b70380' },
  { name: 'public-figures', sha256: '31b75efb6b13eea5ac8dde6f68fd680b6c53dffa8b31697b0f3b86d273481870' },
  { name: 'artists', sha256: 'c3f35f69694c9087986dcf048e33e61d10a251ffcd03511de9d13396d09e8192' },
  { name: 'trademarks', sha256: '323f163f21048fc22b9d67d8359b7c48ab3df79b786faec1b7e9bb0dfeb4ede5' },
  { name: 'politics', sha256: '1673154bdc73c136538e24196925d5a383924d1eabbc3c3fad80343200603873' },
] as const;
