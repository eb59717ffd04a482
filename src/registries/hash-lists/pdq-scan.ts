import { assemble } from '../../assembler/assemble.ts';
import { i8x16, i32, v128 } from '../../assembler/instructions.ts';
import { Routine } from '../../assembler/routine.ts';

/** Hashes that are compared at once, one in each byte of a vector. */
export const GROUP = 16;
/** Bytes of a PDQ hash. */
export const HASH_BYTES = 32;
/** First and second bytes of hashes lie apart: after the first, nearly all are out of reach (random halves differ in 64 bits, give or take 6). */
export const HALF_BYTES = HASH_BYTES / 2;
/** What a search reads of a group, as a rule. */
export const GROUP_BYTES = GROUP * HALF_BYTES;
/** Groups whose first halves lie behind each other, followed by their second halves. */
export const CHUNK_GROUPS = 4096;
/** From the first half of a group to its second. */
export const TO_SECOND_HALF = CHUNK_GROUPS * GROUP_BYTES;

/**
 * The routine `scan(from, to, query, limit, found, foundEnd)`: addresses of the groups in `[from, to)`, all of one chunk, in which some hash is near,
 * written to `found`; the result is how many bytes of addresses it wrote. It stops when `found` is full. `query` is the address of 32 vectors, each
 * one byte of the hash sixteen times, `limit` of one vector with the distance. Distances above 255 count as 255.
 */
export function scanModule(): Uint8Array<ArrayBuffer> {
  const scan = new Routine('scan');
  const [group, to, query, limit, found, foundEnd] = scan.params(6);
  const start = scan.keep(found);
  const end = scan.keep(to);
  const most = scan.keep(v128.load(limit));
  const distance = scan.local('v128');
  const differing = (byte: number) => {
    const at = byte < HALF_BYTES ? byte * GROUP : TO_SECOND_HALF + (byte - HALF_BYTES) * GROUP;
    return i8x16.popcnt(v128.xor(v128.load(group, at), v128.load(query, byte * GROUP)));
  };
  const addBytes = (first: number, last: number) =>
    Array.from({ length: last - first }, (_, i) => distance.set(i8x16.addSatU(distance, differing(first + i))));
  const isNear = () => v128.anyTrue(i8x16.leU(distance, most));
  scan.repeat(group, end, GROUP_BYTES, () => {
    scan.run(distance.set(differing(0)), ...addBytes(1, HALF_BYTES));
    scan.when(isNear(), () => {
      scan.run(...addBytes(HALF_BYTES, HASH_BYTES));
      scan.when(isNear(), () => {
        scan.run(i32.store(found, group), found.set(i32.add(found, i32.of(4))));
        scan.when(i32.leS(foundEnd, found), () => scan.run(end.set(i32.of(0))));
      });
    });
  });
  scan.give(i32.sub(found, start));
  return assemble([scan]);
}
