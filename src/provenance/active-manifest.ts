import { createHash } from 'node:crypto';
import { boxesIn, type Superbox, superbox } from './jumbf.ts';

/** A range of a store's bytes, half open. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The active manifest of a store that is held in memory; changing an assertion keeps its hash in the claim right. */
export interface ActiveManifest {
  /** The claim as CBOR: what is signed. */
  readonly claim: ByteRange;
  /** Where the COSE_Sign1 goes. */
  readonly signature: ByteRange;
  /** The content of an assertion, as a view. @throws TypeError when there is none of this label */
  read(assertion: string): Buffer;
  /** Lets `change` rewrite the content of an assertion in place, at the same length. @throws TypeError as `read` */
  amend(assertion: string, change: (content: Buffer) => void): void;
}

const CLAIM = 'c2pa.claim.v2';
const SIGNATURE = 'c2pa.signature';
const ASSERTIONS = 'c2pa.assertions';

/**
 * Opens the last manifest of a store, which is the active one (C2PA 2.4 §11.1.4.2). Only for stores that our own engine has just laid out.
 * @throws TypeError when the store is not of the expected shape
 */
export function openActiveManifest(store: Buffer): ActiveManifest {
  const [root] = boxesIn(store, 0, store.length);
  const last = root === undefined ? undefined : superbox(store, root).children.at(-1);
  if (last === undefined) throw new TypeError('the manifest store is empty');
  const parts = new Map(
    superbox(store, last)
      .children.map((box) => superbox(store, box))
      .map((part) => [part.label, part]),
  );
  const claim = onlyContent(parts.get(CLAIM));
  const assertions = parts.get(ASSERTIONS)?.children.map((box) => superbox(store, box)) ?? [];
  const named = (label: string) => {
    const assertion = assertions.find((one) => one.label === label);
    if (assertion === undefined) throw new TypeError(`the manifest has no assertion ${label}`);
    return assertion;
  };
  const contentOf = (assertion: Superbox) => {
    const { start, end } = onlyContent(assertion);
    return store.subarray(start, end);
  };
  return {
    claim,
    signature: onlyContent(parts.get(SIGNATURE)),
    read: (label) => contentOf(named(label)),
    amend(label, change) {
      const assertion = named(label);
      const before = digest(store, assertion);
      change(contentOf(assertion));
      const inClaim = store.subarray(claim.start, claim.end);
      const at = inClaim.indexOf(before);
      if (at < 0) throw new TypeError(`the claim has no hash of the assertion ${label}`);
      digest(store, assertion).copy(inClaim, at);
    },
  };
}

/** Over the superbox without its own header, C2PA 2.4 §8.4.2.3. */
function digest(store: Buffer, { contentStart, end }: Superbox): Buffer {
  return createHash('sha256').update(store.subarray(contentStart, end)).digest();
}

function onlyContent(part: Superbox | undefined): ByteRange {
  const [box] = part?.children ?? [];
  if (box === undefined) throw new TypeError('the manifest lacks a part');
  return { start: box.contentStart, end: box.end };
}
