import type { PolicyRef } from '../contracts/decision.ts';
import type { ArtifactId, DecisionId, GenerationId } from '../contracts/ids.ts';
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
  /** `edited`: made from a picture that the user sent, which becomes the parent. */
  readonly origin: { readonly kind: 'created' } | { readonly kind: 'edited'; readonly parent: ParentPicture };
  /** From C2PA's list of model types (2.4 §18.28); the operator configures it for each model. */
  readonly modelType?: string;
}

export interface ParentPicture {
  readonly bytes: Uint8Array;
  readonly format: CredentialFormat;
}

/** The C2PA version whose shape the manifest has. Conformance 0.2 wants it stated. */
const SPEC_VERSION = '2.4.0';
const SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const PARENT = 'parent';
const NOT_ALLOWED = { use: 'notAllowed' } as const;

/** Ingredient definition for the parent of an edit, as JSON for c2pa-rs. */
export const PARENT_DEFINITION = JSON.stringify({ title: 'input', relationship: 'parentOf', label: PARENT, instance_id: PARENT });

/**
 * The manifest definition for c2pa-rs, as JSON: claim v2 as in C2PA 2.4, all actions included, model disclosure, training and mining
 * not allowed, and our identifiers, with which an operator finds the decision behind any published picture.
 *
 * @param generatorVersion version of this software.
 */
export function manifestDefinition(facts: ManifestFacts, generatorVersion: string): string {
  return JSON.stringify({
    claim_version: 2,
    claim_generator_info: [{ name: 'imprimatur', version: generatorVersion, specVersion: SPEC_VERSION }],
    assertions: [
      { label: 'c2pa.actions.v2', created: true, data: { allActionsIncluded: true, actions: actions(facts) } },
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
}

function actions({ model, createdAt, origin }: ManifestFacts): readonly unknown[] {
  const made = { softwareAgent: model, when: createdAt.toISOString() };
  if (origin.kind === 'created') {
    return [{ action: 'c2pa.created', digitalSourceType: `${SOURCE_TYPE}trainedAlgorithmicMedia`, ...made }];
  }
  return [
    { action: 'c2pa.opened', when: made.when, parameters: { ingredientIds: [PARENT] } },
    { action: 'c2pa.edited', digitalSourceType: `${SOURCE_TYPE}compositeWithTrainedAlgorithmicMedia`, ...made },
  ];
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
