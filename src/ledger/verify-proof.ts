import { EMPTY_TREE, HASH_BYTES, nodeHash, rootOf, sameHash } from './merkle.ts';

/** What an inclusion proof claims: the tree of `size` leaves with this `root` has `leafHash` at `index`. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
  /** Sibling hashes, lowest first. */
  readonly proof: readonly Uint8Array[];
}

/** What a consistency proof claims: the new tree begins with all of the old one. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Where a node stands in its row, and where that row ends. Halving replaces shifts, which stop at 32 bits. */
interface Place {
  readonly position: number;
  readonly last: number;
}

const isOdd = (n: number): boolean => n % 2 === 1;
const up = ({ position, last }: Place): Place => ({ position: Math.floor(position / 2), last: Math.floor(last / 2) });

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES;
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

/** True when the next proof hash is the left sibling. */
function siblingIsLeft({ position, last }: Place): boolean {
  return isOdd(position) || position === last;
}

/** The place after hashing with a sibling. On the ragged right edge a node rises unpaired until it is someone's right child. */
function climb(from: Place): Place {
  let place = from;
  if (siblingIsLeft(place)) while (!isOdd(place.position) && place.position !== 0) place = up(place);
  return up(place);
}

/** Checks an inclusion proof, RFC 9162 §2.1.3.2. False for any claim that is malformed; never throws. */
export function verifyInclusion({ index, size, leafHash, root, proof }: InclusionClaim): boolean {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  if (![leafHash, root, ...proof].every(isHash)) return false;
  let place: Place = { position: index, last: size - 1 };
  let hash = leafHash;
  for (const sibling of proof) {
    if (place.last === 0) return false;
    hash = siblingIsLeft(place) ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    place = climb(place);
  }
  return place.last === 0 && sameHash(hash, root);
}

/** Rebuilds both roots from a proof between different sizes, RFC 9162 §2.1.4.2. */
function verifyGrowth({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): boolean {
  let place: Place = { position: oldSize - 1, last: newSize - 1 };
  while (isOdd(place.position)) place = up(place);
  // A perfect old tree is itself the first node, and the proof leaves it out.
  const [first, ...rest] = place.position === 0 ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let oldHash = first;
  let newHash = first;
  for (const sibling of rest) {
    if (place.last === 0) return false;
    if (siblingIsLeft(place)) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    place = climb(place);
  }
  return place.last === 0 && sameHash(oldHash, oldRoot) && sameHash(newHash, newRoot);
}

/**
 * Checks a consistency proof. From the empty tree, and between equal sizes, the proof must be empty. False for any claim that is
 * malformed; never throws.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if (![oldRoot, newRoot, ...proof].every(isHash)) return false;
  const emptyRoot = rootOf(EMPTY_TREE);
  if (oldSize === 0 && !sameHash(oldRoot, emptyRoot)) return false;
  if (oldSize === newSize) return proof.length === 0 && sameHash(oldRoot, newRoot);
  return oldSize === 0 ? proof.length === 0 : verifyGrowth(claim);
}
