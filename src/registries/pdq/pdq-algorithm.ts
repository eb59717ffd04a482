/** Names our perceptual hash where C2PA wants an algorithm (soft bindings); the value is the 32 bytes of PDQ, the most significant first. */
export const PDQ_ALGORITHM = 'org.imprimatur.pdq';
