import { decode } from 'cborg';
import { z } from 'zod';
import { boxesIn, type Superbox, superbox } from '../jumbf.ts';

/** A soft binding (C2PA 2.4 §18.10): by what a picture can be found again. */
export interface Binding {
  readonly alg: string;
  readonly value: Uint8Array;
}

/** What a repository must know of a manifest store. */
export interface ManifestStore {
  /** The label of the active manifest, `urn:c2pa:…`: its name in a repository. */
  readonly manifestId: string;
  /** What the active manifest itself asserts, whole-picture bindings only. */
  readonly bindings: readonly Binding[];
}

const assertion = z.object({
  alg: z.string().min(1).max(128),
  blocks: z.array(z.object({ scope: z.record(z.string(), z.unknown()).default({}), value: z.instanceof(Uint8Array) })).max(16),
});
const ASSERTIONS = 'c2pa.assertions';
/** Several of one kind are numbered: `c2pa.soft-binding__1` (C2PA 2.4 §6.4). */
const SOFT_BINDING = /^c2pa\.soft-binding(__\d+)?$/;
const MAX_VALUE_BYTES = 1024;

/** Reads a store that our own engine wrote. @throws TypeError when it is not of the expected shape */
export function readManifestStore(store: Buffer): ManifestStore {
  const active = activeManifest(store);
  const assertions = active.children.map((box) => superbox(store, box)).find(({ label }) => label === ASSERTIONS);
  const bindings = (assertions?.children ?? [])
    .map((box) => superbox(store, box))
    .filter(({ label }) => SOFT_BINDING.test(label))
    .flatMap((found) => bindingsIn(store, found));
  return { manifestId: active.label, bindings };
}

/** The same store with nothing but the active manifest in it. @throws TypeError as `readManifestStore` */
export function withoutIngredients(store: Buffer): Buffer {
  const root = rootOf(store);
  const active = activeManifest(store);
  const [first] = root.children;
  const head = Buffer.from(store.subarray(root.start, first?.start ?? root.end));
  head.writeUInt32BE(head.length + active.end - active.start);
  return Buffer.concat([head, store.subarray(active.start, active.end)]);
}

function rootOf(store: Buffer): Superbox {
  const [root] = boxesIn(store, 0, store.length);
  if (root === undefined) throw new TypeError('the manifest store is empty');
  return superbox(store, root);
}

/** The last one, C2PA 2.4 §11.1.4.2. */
function activeManifest(store: Buffer): Superbox {
  const last = rootOf(store).children.at(-1);
  if (last === undefined) throw new TypeError('the manifest store is empty');
  return superbox(store, last);
}

function bindingsIn(store: Buffer, { children }: Superbox): readonly Binding[] {
  const [content] = children;
  if (content === undefined) return [];
  const { alg, blocks } = assertion.parse(decode(store.subarray(content.contentStart, content.end)));
  return blocks
    .filter(({ scope, value }) => Object.keys(scope).length === 0 && value.length > 0 && value.length <= MAX_VALUE_BYTES)
    .map(({ value }) => ({ alg, value }));
}
