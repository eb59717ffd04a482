import { z } from 'zod';
import { generatorName, type HistoryStep, historyOf } from './foreign/credential-history.ts';

/**
 * `trusted`: intact, and signed under one of our anchors. `valid`: intact, by a signer we do not know, which anybody can be.
 * `invalid`: there is a credential, and the file is not what was signed. `none`: no credential. `unreadable`: could not tell.
 */
export type CredentialState = 'trusted' | 'valid' | 'invalid' | 'none' | 'unreadable';

/** What a file's content credential says. Everything but `state` and the codes is the signer's word: read it with `state`. */
export interface CredentialReport {
  readonly state: CredentialState;
  /** Failure codes of C2PA (2.4 §15.2), or our own `imprimatur.…` where c2pa-rs has no code. */
  readonly codes: readonly string[];
  /** Failures inside the pictures that this one was made from. c2pa-rs calls a file trusted whatever its parent is. */
  readonly inputCodes: readonly string[];
  readonly signer: { readonly organization: string | null; readonly commonName: string | null } | null;
  /** `name/version` of what wrote the claim. */
  readonly generatedBy: string | null;
  /** Our `org.imprimatur.generation`. A stranger can write it too: it is ours only when `state` is `trusted`. */
  readonly claims: GenerationClaims | null;
  /** ISO 8601: the time-stamp authority's time, else the time that the claims state. */
  readonly when: string | null;
  /** The file and what it was made from; null without a readable credential. */
  readonly history: HistoryStep | null;
}

export const GENERATION_ASSERTION = 'org.imprimatur.generation';

const short = z.string().max(512);
const generationClaims = z.object({
  generation: short,
  artifact: short,
  decision: short,
  policy: short,
  model: short,
  prompt_commitment: short,
  created_at: short,
});
export type GenerationClaims = z.infer<typeof generationClaims>;

const statuses = z.array(z.object({ code: z.string() })).default([]);
const results = z.object({ failure: statuses }).optional();
const manifest = z.object({
  claim_generator: z.string().optional().catch(undefined),
  claim_generator_info: z.array(z.object({ name: z.string(), version: z.string().optional() })).default([]),
  signature_info: z.object({ issuer: z.string().nullish(), common_name: z.string().nullish(), time: z.string().nullish() }).nullish(),
  assertions: z.array(z.object({ label: z.string(), data: z.unknown() })).default([]),
  ingredients: z.array(z.object({ validation_results: z.object({ activeManifest: results }).nullish() })).default([]),
});
const store = z.object({
  active_manifest: z.string(),
  manifests: z.record(z.string(), z.unknown()),
  validation_state: z.enum(['Trusted', 'Valid', 'Invalid']),
  validation_results: z
    .object({
      activeManifest: results,
      ingredientDeltas: z.array(z.object({ validationDeltas: results })).optional(),
    })
    .optional(),
});

const STATES = { Trusted: 'trusted', Valid: 'valid', Invalid: 'invalid' } as const;
const MAX_CODES = 32;
const MAX_NAME_CHARS = 200;

/**
 * Reads the manifest store that c2pa-rs gives as JSON, whose contents whoever made the file has chosen.
 * @param unresolved codes for what c2pa-rs does not look at; throws when it could not tell, and then nothing is called trusted
 */
export function readCredential(json: string, unresolved: () => readonly string[] = () => []): CredentialReport {
  const parsed = store.safeParse(JSON.parse(json));
  const active = manifest.safeParse(parsed.data?.manifests[parsed.data.active_manifest]);
  if (!parsed.success || !active.success) return without('unreadable', ['imprimatur.manifest.unexpectedShape']);
  const { validation_state, validation_results } = parsed.data;
  const { signature_info, assertions, ingredients } = active.data;
  const claims = generationClaims.safeParse(assertions.find(({ label }) => label === GENERATION_ASSERTION)?.data).data ?? null;
  const found = codesOf([validation_results?.activeManifest]);
  const more = validation_state === 'Invalid' ? [] : namesOf(unresolved, validation_state);
  const codes = [...found, ...more];
  return {
    state: more.length === 0 ? STATES[validation_state] : 'invalid',
    codes,
    inputCodes: codesOf([
      ...(validation_results?.ingredientDeltas ?? []).map(({ validationDeltas }) => validationDeltas),
      ...ingredients.map(({ validation_results: own }) => own?.activeManifest),
    ]),
    signer: signature_info ? { organization: name(signature_info.issuer), commonName: name(signature_info.common_name) } : null,
    generatedBy: name(generatorName(active.data)),
    claims,
    when: name(signature_info?.time) ?? claims?.created_at ?? null,
    history: historyOf(parsed.data.manifests, parsed.data.active_manifest, codes),
  };
}

/** Of a stranger's file whose layout we cannot follow, c2pa-rs has the last word: `valid` claims no more than that it is intact. */
function namesOf(unresolved: () => readonly string[], state: 'Trusted' | 'Valid'): readonly string[] {
  try {
    return unresolved();
  } catch {
    return state === 'Trusted' ? ['imprimatur.manifest.unexpectedLayout'] : [];
  }
}

/** The report for a file that c2pa-rs refused to read, by the text of its refusal. */
export function unreadable(reason: string): CredentialReport {
  if (reason.includes('JumbfNotFound')) return without('none', []);
  // There is said to be a credential at some address. Nobody asks that address: it is the uploader's choice.
  if (reason.includes('RemoteManifestUrl')) return without('unreadable', ['manifest.inaccessible']);
  const variant = /C2pa\((\w+)/.exec(reason)?.[1] ?? 'Other';
  return without('unreadable', [`imprimatur.unreadable.${variant}`]);
}

/** A report that knows a state and why, and nothing else. */
export function without(state: 'none' | 'unreadable', codes: readonly string[]): CredentialReport {
  return { state, codes, inputCodes: [], signer: null, generatedBy: null, claims: null, when: null, history: null };
}

function codesOf(all: readonly z.infer<typeof results>[]): readonly string[] {
  const codes = all.flatMap((one) => one?.failure ?? []).map(({ code }) => code.slice(0, MAX_NAME_CHARS));
  return [...new Set(codes)].slice(0, MAX_CODES);
}

function name(text: string | null | undefined): string | null {
  return text?.slice(0, MAX_NAME_CHARS) ?? null;
}
