import { z } from 'zod';

/**
 * One picture in the history that a credential tells: the file itself, or one that it was made from. Everything is the signer's word.
 * `intact`: its own signature and hashes held when they were checked. `broken`: they did not. `unsigned`: it is named, and has no
 * credential of its own.
 */
export interface HistoryStep {
  readonly title: string | null;
  readonly mediaType: string | null;
  /** What C2PA says the picture was to the one above it, such as `parentOf`; null for the file itself. */
  readonly relationship: string | null;
  readonly generator: string | null;
  readonly signer: string | null;
  /** IPTC digital source types of its actions, without their address, such as `trainedAlgorithmicMedia`. */
  readonly sourceTypes: readonly string[];
  /** What its signer says was done, such as `c2pa.opened`, each once. */
  readonly actions: readonly string[];
  readonly state: 'intact' | 'broken' | 'unsigned';
  /** Failure codes of C2PA (2.4 §15.2) other than that the signer is not known here. */
  readonly codes: readonly string[];
  readonly inputs: readonly HistoryStep[];
}

const text = z.string().catch('');
const statuses = z.array(z.object({ code: z.string() })).catch([]);
const ingredient = z.object({
  title: z.string().nullish().catch(null),
  format: z.string().nullish().catch(null),
  relationship: z.string().nullish().catch(null),
  active_manifest: z.string().nullish().catch(null),
  validation_results: z
    .object({ activeManifest: z.object({ failure: statuses }).nullish().catch(null) })
    .nullish()
    .catch(null),
});
const manifest = z.object({
  title: z.string().nullish().catch(null),
  format: z.string().nullish().catch(null),
  claim_generator: z.string().optional().catch(undefined),
  claim_generator_info: z.array(z.object({ name: text, version: z.string().optional().catch(undefined) })).catch([]),
  signature_info: z.object({ issuer: z.string().nullish(), common_name: z.string().nullish() }).nullish().catch(null),
  assertions: z.array(z.object({ label: z.string(), data: z.unknown() })).catch([]),
  ingredients: z.array(ingredient).catch([]),
});
const action = z.object({ action: text, digitalSourceType: z.string().optional().catch(undefined) });
const actions = z.object({
  actions: z.array(action).catch([]),
  /** What actions of a name have in common; `*` is every name (C2PA 2.4 §18.15.4.8). */
  templates: z.array(action).catch([]),
});

const MAX_STEPS = 64;
const MAX_DEPTH = 8;
const MAX_CHARS = 200;
const MAX_CODES = 16;
/** The signer is unknown here, or nobody asked whether it was revoked: says nothing about the bytes. */
const NOT_ABOUT_BYTES = /^signingCredential\.(untrusted|ocsp)/;

/** Those failure codes that say that bytes are not what was signed. */
export function aboutBytes(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)].filter((code) => !NOT_ABOUT_BYTES.test(code));
}

interface Walk {
  readonly manifests: Readonly<Record<string, unknown>>;
  readonly above: readonly string[];
  /** Shared by the whole tree. */
  readonly budget: { steps: number };
}

/**
 * The tree behind the active manifest of a c2pa-rs manifest store. Whoever made the file has chosen the whole of it, so a manifest that
 * stands above itself, or lies deeper than eight steps, or comes after sixty-four others, is named and not followed.
 */
export function historyOf(manifests: Readonly<Record<string, unknown>>, active: string, failures: readonly string[]): HistoryStep {
  return step({ label: active, relationship: null, failures }, { manifests, above: [], budget: { steps: MAX_STEPS } });
}

interface Place {
  readonly label: string | null;
  readonly relationship: string | null;
  readonly failures: readonly string[];
  readonly named?: z.output<typeof ingredient>;
}

function step({ label, relationship, failures, named }: Place, walk: Walk): HistoryStep {
  walk.budget.steps--;
  const own = label === null ? undefined : manifest.safeParse(walk.manifests[label]).data;
  const codes = aboutBytes(failures).slice(0, MAX_CODES);
  const isFollowed = label !== null && !walk.above.includes(label) && walk.above.length < MAX_DEPTH;
  const done = own === undefined ? [] : actionsOf(own.assertions);
  return {
    title: short(own?.title ?? named?.title),
    mediaType: short(own?.format ?? named?.format),
    relationship: short(relationship),
    generator: own === undefined ? null : short(generatorName(own)),
    signer: short(own?.signature_info?.issuer ?? own?.signature_info?.common_name),
    sourceTypes: few(done.flatMap(({ sourceType }) => (sourceType === undefined ? [] : [sourceTypeName(sourceType)]))),
    actions: few(done.map(({ name }) => name.slice(0, MAX_CHARS))),
    state: codes.length > 0 ? 'broken' : label === null ? 'unsigned' : 'intact',
    codes,
    inputs: own === undefined || !isFollowed ? [] : inputsOf(own.ingredients, { ...walk, above: [...walk.above, label] }),
  };
}

function inputsOf(ingredients: readonly z.output<typeof ingredient>[], walk: Walk): HistoryStep[] {
  const inputs: HistoryStep[] = [];
  for (const named of ingredients) {
    if (walk.budget.steps <= 0) break;
    const failures = (named.validation_results?.activeManifest?.failure ?? []).map(({ code }) => code);
    inputs.push(step({ label: named.active_manifest ?? null, relationship: named.relationship ?? null, failures, named }, walk));
  }
  return inputs;
}

interface Done {
  readonly name: string;
  readonly sourceType: string | undefined;
}

/** A source type stands with the action, or in a template that the action follows. */
function actionsOf(assertions: z.output<typeof manifest>['assertions']): Done[] {
  return assertions
    .filter(({ label }) => label.startsWith('c2pa.actions'))
    .flatMap(({ data }) => {
      const { actions: done = [], templates = [] } = actions.safeParse(data).data ?? {};
      return done.flatMap(({ action: name, digitalSourceType }) => [
        { name, sourceType: digitalSourceType },
        ...templates
          .filter((template) => template.action === name || template.action === '*')
          .map((template) => ({ name, sourceType: template.digitalSourceType })),
      ]);
    });
}

function few(texts: readonly string[]): string[] {
  return [...new Set(texts)].slice(0, MAX_CODES);
}

/** `name/version` of what wrote a claim. Claims of C2PA 1.0 have a text in the form of a user agent, whose first part names it. */
export function generatorName({
  claim_generator_info: [info],
  claim_generator: agent,
}: {
  readonly claim_generator_info: readonly { readonly name: string; readonly version?: string | undefined }[];
  readonly claim_generator?: string | undefined;
}): string | null {
  if (info !== undefined) return [info.name, info.version].filter(Boolean).join('/');
  return agent?.trim().split(/\s/)[0] || null;
}

/** `http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia` → `trainedAlgorithmicMedia`. */
export function sourceTypeName(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1).slice(0, MAX_CHARS);
}

function short(value: string | null | undefined): string | null {
  return value?.slice(0, MAX_CHARS) || null;
}
