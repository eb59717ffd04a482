import { decode } from 'cborg';
import { z } from 'zod';
import { boxesIn, type Superbox, superbox } from './jumbf.ts';

/**
 * Content types of the boxes around a claim (C2PA 2.4 §11.1.4): the first four bytes; what follows is the same for all of ISO 19566-5.
 */
const TYPE_TAIL = '00110010800000aa00389b71';
const KINDS = {
  store: ['c2pa'],
  manifest: ['c2ma', 'c2um', 'c2cm'],
  assertions: ['c2as'],
  claim: ['c2cl'],
  signature: ['c2cs'],
} as const;
/** Requestable, and labeled (ISO 19566-5 §B.3); whatever else is announced would stand after the label. */
const TOGGLES = 0x03;
const TOGGLES_OFFSET = 16;
const CLAIM_LABELS: readonly string[] = ['c2pa.claim.v2', 'c2pa.claim'];

const reference = z.object({ url: z.string() });
const claimSchema = z.object({
  signature: z.string(),
  created_assertions: z.array(reference).default([]),
  gathered_assertions: z.array(reference).default([]),
  assertions: z.array(reference).default([]),
});

/**
 * C2PA's own codes for what the active claim of a store refers to and what is not there under that name. c2pa-rs finds claim, signature and
 * assertions by their kind and does not look at these names, which no hash covers (0.91.3; `bench/results/byte-flips.json`).
 * @throws TypeError when the store cannot be followed, or is of a shape that this reader does not know, such as a compressed manifest
 */
export function unresolvedReferences(store: Buffer): readonly string[] {
  // Whatever pads the store behind its one box is none of our business.
  const [root] = boxesIn(store, 0, store.length < 4 ? 0 : Math.min(store.length, store.readUInt32BE(0)));
  if (root === undefined) throw new TypeError('the manifest store is empty');
  const whole = superbox(store, root);
  const last = whole.children.at(-1);
  if (last === undefined || last.type !== 'jumb') throw new TypeError('the manifest store has no readable manifest');
  const active = superbox(store, last);
  const parts = active.children.filter(({ type }) => type === 'jumb').map((box) => superbox(store, box));
  const claimBox = parts.find(({ label }) => CLAIM_LABELS.includes(label));
  const [content] = claimBox?.children ?? [];
  if (claimBox === undefined || content === undefined || !isOf(store, claimBox, 'claim')) return ['claim.missing'];
  const claim = claimSchema.safeParse(decode(store.subarray(content.contentStart, content.end)));
  if (!claim.success) throw new TypeError('the claim is of an unknown shape');

  const signature = parts.find(({ label }) => label === 'c2pa.signature');
  const assertions = parts.find(({ label }) => label === 'c2pa.assertions');
  const inManifest = (url: string) => url.replace(`self#jumbf=/${whole.label}/${active.label}/`, 'self#jumbf=');
  const labels = new Set(assertions?.children.flatMap((box) => (box.type === 'jumb' ? superbox(store, box).label : [])));
  const isSigned = signature !== undefined && isOf(store, signature, 'signature');
  const isFramed = isOf(store, whole, 'store') && whole.label === 'c2pa' && isOf(store, active, 'manifest');
  const isListed = assertions !== undefined && isOf(store, assertions, 'assertions');
  const { created_assertions, gathered_assertions, assertions: earlier } = claim.data;
  const areThere = [...created_assertions, ...gathered_assertions, ...earlier].every(({ url }) => {
    const [folder, label, more] = inManifest(url).replace('self#jumbf=', '').split('/');
    return folder === 'c2pa.assertions' && label !== undefined && more === undefined && labels.has(label);
  });
  return [
    ...(isFramed && isSigned && inManifest(claim.data.signature) === 'self#jumbf=c2pa.signature' ? [] : ['claimSignature.missing']),
    ...(isListed && areThere ? [] : ['assertion.missing']),
  ];
}

function isOf(store: Buffer, { descriptionStart: at }: Superbox, kind: keyof typeof KINDS): boolean {
  const first = store.toString('latin1', at, at + 4);
  const tail = store.toString('hex', at + 4, at + TOGGLES_OFFSET);
  return KINDS[kind].some((one) => one === first) && tail === TYPE_TAIL && (store.readUInt8(at + TOGGLES_OFFSET) & TOGGLES) === TOGGLES;
}
