import type { CredentialReport } from '../read-credential.ts';
import { aboutBytes, type HistoryStep } from './credential-history.ts';
import type { FileMetadata } from './file-metadata.ts';

/** How a picture came to be, as far as anything says so. */
export type Made = 'generated' | 'edited' | 'captured' | 'unknown';

/** Who says so: our own record, a content credential, somebody's invisible mark, or fields that anybody can write. */
export type Basis = 'record' | 'credential' | 'watermark' | 'metadata';

/**
 * What all evidence says together. `proved`: our record of these very bytes, or a credential that fits and whose signer this gateway
 * trusts. `claimed`: anybody could have made it say so. Evidence of a model always outweighs a claim to be a photograph.
 */
export interface FileOrigin {
  readonly made: Made;
  /** Who or what made it, in the words of the evidence. */
  readonly by: string | null;
  readonly strength: 'proved' | 'claimed' | 'none';
  readonly basis: readonly Basis[];
}

/** One piece of evidence. */
export interface OriginEvidence {
  readonly made: Made;
  readonly by: string | null;
  readonly basis: Basis;
  readonly isProved: boolean;
}

const GENERATED = new Set(['trainedAlgorithmicMedia']);
const EDITED = new Set(['compositeWithTrainedAlgorithmicMedia', 'compositeSynthetic']);
/** Actions (C2PA 2.4 §18.15.2) after which a picture shows what it showed. */
const KEEPING: ReadonlySet<string> = new Set([
  'c2pa.opened',
  'c2pa.converted',
  'c2pa.transcoded',
  'c2pa.repackaged',
  'c2pa.resized',
  'c2pa.edited.metadata',
  'c2pa.published',
  'c2pa.redacted',
  'c2pa.watermarked',
  'c2pa.watermarked.bound',
  'c2pa.watermarked.unbound',
]);
const CAPTURED = new Set(['digitalCapture', 'computationalCapture', 'negativeFilm', 'positiveFilm', 'print']);

/** Weighs evidence: of a model before of a camera, proved before claimed, generated before edited. */
export function originOf(evidence: readonly OriginEvidence[]): FileOrigin {
  const told = evidence.filter(({ made }) => made !== 'unknown');
  const [best] = [...told].sort((a, b) => weight(b) - weight(a));
  if (best === undefined) return { made: 'unknown', by: null, strength: 'none', basis: [] };
  const agreeing = told.filter(({ made }) => made === best.made);
  const by = best.by ?? agreeing.find((one) => one.by !== null)?.by ?? null;
  return { made: best.made, by, strength: best.isProved ? 'proved' : 'claimed', basis: [...new Set(agreeing.map(({ basis }) => basis))] };
}

function weight({ made, isProved }: OriginEvidence): number {
  const isModel = made === 'generated' || made === 'edited';
  return (isModel ? 4 : 0) + (isProved ? 2 : 0) + (made === 'generated' ? 1 : 0);
}

/** What a credential says, over its whole history: a photograph that a model's picture was put into is an edit. */
export function credentialEvidence({ state, inputCodes, signer, generatedBy, history }: CredentialReport): OriginEvidence[] {
  if (history === null) return [];
  const made = madeOf(history);
  const by = signer?.organization ?? signer?.commonName ?? generatedBy;
  return [{ made, by, basis: 'credential', isProved: state === 'trusted' && aboutBytes(inputCodes).length === 0 }];
}

function madeOf(history: HistoryStep): Made {
  const own = madeBySource(history.sourceTypes);
  if (own === 'generated' || own === 'edited') return own;
  const inputs = history.inputs.map(madeOf);
  if (inputs.length === 1 && keepsPicture(history)) return inputs[0] ?? 'unknown';
  if (inputs.some((made) => made === 'generated' || made === 'edited')) return 'edited';
  return own === 'captured' || inputs.some((made) => made === 'captured') ? 'captured' : 'unknown';
}

/** Nothing was done but what leaves the picture as it is, so it is made as the one that it was made from. */
function keepsPicture({ actions, inputs }: HistoryStep): boolean {
  return inputs[0]?.relationship === 'parentOf' && actions.length > 0 && actions.every((action) => KEEPING.has(action));
}

/** By IPTC digital source types. A composite outweighs what was put into it. */
function madeBySource(types: readonly string[]): Made {
  if (types.some((type) => EDITED.has(type))) return 'edited';
  if (types.some((type) => GENERATED.has(type))) return types.some((type) => CAPTURED.has(type)) ? 'edited' : 'generated';
  return types.some((type) => CAPTURED.has(type)) ? 'captured' : 'unknown';
}

/** What a file says of itself without a signature. */
export function metadataEvidence(metadata: FileMetadata): OriginEvidence[] {
  const { sourceType, generators, aiSystem, tc260, camera, creatorTool, watermarks } = metadata;
  const evidence: OriginEvidence[] = [];
  const add = (made: Made, by: string | null, basis: Basis = 'metadata') => evidence.push({ made, by, basis, isProved: false });
  if (sourceType !== null) add(madeBySource([sourceType]), creatorTool);
  const [generator] = generators;
  if (generator !== undefined) add('generated', generator.tool);
  if (aiSystem !== null) add('generated', aiSystem.name);
  if (tc260 !== null) add('generated', tc260.producer);
  if ((watermarks?.length ?? 0) > 0) add('generated', 'Stable Diffusion', 'watermark');
  if (camera !== null) add('captured', camera);
  return evidence;
}
