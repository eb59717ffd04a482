import type { PolicyRef } from '../contracts/decision.ts';
import type { ArtifactId, DecisionId, GenerationId } from '../contracts/ids.ts';
import type { PictureEdit } from '../contracts/stages.ts';
import type { CredentialFormat } from './image-format.ts';
import { GENERATION_ASSERTION, type GenerationClaims } from './read-credential.ts';

/** What the gateway knows about a picture that it is about to publish. */
export interface ManifestFacts {
  readonly generation: GenerationId;
  readonly artifact: ArtifactId;
  readonly decision: DecisionId;
  readonly policy: PolicyRef;
  readonly model: { readonly name: string; readonly version: string };
  /** A keyed HMAC over the prompt, never a bare hash, which a dictionary would invert. */
  readonly promptCommitment: string;
  readonly createdAt: Date;
  /** `human_validated` only after a person has released this very picture. */
  readonly oversight: 'prompt_guided' | 'human_validated';
  readonly origin: Origin;
  /** By what the picture can be found again when its credential was stripped. */
  readonly softBinding?: SoftBinding;
  /** What a person changed after the model, in this order. */
  readonly edits?: readonly PictureEdit[];
  /** From C2PA's list of model types (2.4 §18.28); the operator configures it for each model. */
  readonly modelType?: string;
}

/**
 * `received`: the model's own answer carried a credential, which becomes the parent; `isLabeled` when our visible label was drawn on it.
 * `edited`: made from a picture that the user sent, which becomes the parent; `others` went in, too.
 */
export type Origin =
  | { readonly kind: 'created' }
  | { readonly kind: 'received'; readonly parent: ParentPicture; readonly isLabeled: boolean }
  | { readonly kind: 'edited'; readonly parent: ParentPicture; readonly others?: readonly ParentPicture[] };

/** C2PA 2.4 §18.10. */
export interface SoftBinding {
  /** An id of the C2PA list of algorithms, or one of our own in reverse-DNS form. */
  readonly alg: string;
  /** At least four bytes. */
  readonly value: Uint8Array;
  /** `watermark`: the value stands in the pixels. `fingerprint`: it was computed of them. */
  readonly kind: 'watermark' | 'fingerprint';
}

/** Bytes that the definition holds as a text of the same length, because JSON has no bytes; see `finishSigning`. */
export interface ByteString {
  /** Label of the assertion; the marker stands in no other place of it. */
  readonly assertion: string;
  readonly marker: string;
  readonly value: Uint8Array;
}

export interface ManifestDefinition {
  /** For c2pa-rs. */
  readonly json: string;
  readonly byteStrings: readonly ByteString[];
  readonly ingredients: readonly (ParentPicture & { readonly definition: string })[];
}

export interface ParentPicture {
  readonly bytes: Uint8Array;
  readonly format: CredentialFormat;
}

/** IPTC's digital source type of a picture of this origin, as a URI. */
export function sourceTypeUri(kind: 'created' | 'edited'): string {
  const type = kind === 'created' ? 'trainedAlgorithmicMedia' : 'compositeWithTrainedAlgorithmicMedia';
  return `http://cv.iptc.org/newscodes/digitalsourcetype/${type}`;
}

/** The C2PA version whose shape the manifest has. Conformance 0.2 wants it stated. */
const SPEC_VERSION = '2.4.0';
const GENERATED = sourceTypeUri('created');
const COMPOSITE = sourceTypeUri('edited');
const PARENT = 'parent';
const NOT_ALLOWED = { use: 'notAllowed' } as const;

const SOFT_BINDING_ASSERTION = 'c2pa.soft-binding';
/** Zero-filled, as the schema asks for one (2.4 §18.10.2). */
const SOFT_BINDING_PAD = new Uint8Array(8);

/**
 * The manifest definition for c2pa-rs: claim v2 as in C2PA 2.4, all actions included, model disclosure, training and mining
 * not allowed, and our identifiers, with which an operator finds the decision behind any published picture.
 *
 * @param generatorVersion version of this software.
 */
export function manifestDefinition(facts: ManifestFacts, generatorVersion: string): ManifestDefinition {
  const binding = facts.softBinding === undefined ? null : softBindingAssertion(facts.softBinding);
  const json = JSON.stringify({
    claim_version: 2,
    claim_generator_info: [{ name: 'imprimatur', version: generatorVersion, specVersion: SPEC_VERSION }],
    assertions: [
      { label: 'c2pa.actions.v2', created: true, data: { allActionsIncluded: true, actions: actions(facts) } },
      ...(binding === null ? [] : [{ label: SOFT_BINDING_ASSERTION, created: true, data: binding.data }]),
      { label: 'c2pa.ai-disclosure', created: true, data: disclosure(facts) },
      {
        label: 'cawg.training-mining',
        created: true,
        data: {
          entries: {
            'cawg.ai_generative_training': NOT_ALLOWED,
            'cawg.ai_training': NOT_ALLOWED,
            'cawg.data_mining': NOT_ALLOWED,
            'cawg.ai_inference': NOT_ALLOWED,
          },
        },
      },
      { label: GENERATION_ASSERTION, created: true, data: generationClaims(facts) },
    ],
  });
  return { json, byteStrings: binding?.byteStrings ?? [], ingredients: ingredientsOf(facts.origin) };
}

function softBindingAssertion({ alg, value }: SoftBinding) {
  const mark = (name: string, bytes: Uint8Array): ByteString => ({
    assertion: SOFT_BINDING_ASSERTION,
    marker: name.padEnd(bytes.length, '~').slice(0, bytes.length),
    value: bytes,
  });
  const [bound, pad] = [mark('~v~', value), mark('~p~', SOFT_BINDING_PAD)];
  return { data: { alg, blocks: [{ scope: {}, value: bound.marker }], pad: pad.marker }, byteStrings: [bound, pad] };
}

function ingredientsOf(origin: Origin): ManifestDefinition['ingredients'] {
  if (origin.kind === 'created') return [];
  const others = origin.kind === 'edited' ? (origin.others ?? []) : [];
  return [
    { ...origin.parent, definition: ingredient(origin.kind === 'edited' ? 'input' : 'model output', 'parentOf', PARENT) },
    ...others.map((other, i) => ({ ...other, definition: ingredient(`input ${i + 2}`, 'inputTo', otherId(i)) })),
  ];
}

function ingredient(title: string, relationship: 'parentOf' | 'inputTo', id: string): string {
  return JSON.stringify({ title, relationship, label: id, instance_id: id });
}

const otherId = (i: number) => `input-${i + 2}`;

function actions(facts: ManifestFacts): readonly unknown[] {
  const bound = facts.softBinding?.kind === 'watermark' ? [{ action: 'c2pa.watermarked.bound', when: facts.createdAt.toISOString() }] : [];
  return [...originActions(facts), ...editActions(facts), ...bound];
}

/** C2PA 2.4 §18.15.2. Not `c2pa.redacted`, which is said of assertions that were taken out of a credential. */
const EDIT_ACTIONS: Readonly<Record<PictureEdit, { readonly action: string; readonly description: string }>> = {
  blur: { action: 'c2pa.edited', description: 'Parts of the picture were made unrecognizable by a reviewer.' },
  crop: { action: 'c2pa.cropped', description: 'The picture was cropped by a reviewer.' },
};

function editActions({ edits = [], createdAt }: ManifestFacts): readonly unknown[] {
  return edits.map((edit) => ({ ...EDIT_ACTIONS[edit], when: createdAt.toISOString() }));
}

function originActions({ model, createdAt, origin }: ManifestFacts): readonly unknown[] {
  const when = createdAt.toISOString();
  const composite = { digitalSourceType: COMPOSITE, when };
  if (origin.kind === 'created') return [{ action: 'c2pa.created', digitalSourceType: GENERATED, softwareAgent: model, when }];
  const opened = { action: 'c2pa.opened', when, parameters: { ingredientIds: [PARENT] } };
  if (origin.kind === 'received') {
    return [opened, origin.isLabeled ? { action: 'c2pa.edited', ...composite } : { action: 'c2pa.edited.metadata', when }];
  }
  const others = (origin.others ?? []).map((_, i) => otherId(i));
  const parameters = others.length === 0 ? {} : { parameters: { ingredientIds: others } };
  return [opened, { action: 'c2pa.edited', softwareAgent: model, ...composite, ...parameters }];
}

function disclosure({ model, modelType = 'c2pa.types.model', oversight }: ManifestFacts): unknown {
  return {
    modelType,
    modelName: model.name,
    modelIdentifier: `${model.name}@${model.version}`,
    contentProfile: { humanOversightLevel: oversight },
  };
}

function generationClaims({ generation, artifact, decision, policy, model, promptCommitment, createdAt }: ManifestFacts): GenerationClaims {
  return {
    generation,
    artifact,
    decision,
    policy: `${policy.name}@${policy.version}+${policy.digest}`,
    model: `${model.name}@${model.version}`,
    prompt_commitment: promptCommitment,
    created_at: createdAt.toISOString(),
  };
}
