import type { Admitted } from './contracts/admitted.ts';
import type { Cleared, Decided } from './contracts/cleared.ts';
import { aDecision, anAnalyzed, aPrechecked, aSubmission } from './contracts/stages.fixture.ts';
import type { Analyzed, Prechecked, Rendered } from './contracts/stages.ts';
import type { Submission } from './contracts/submission.ts';
import { isCleared } from './decide/decide.ts';
import { type GenerateParts, generate } from './generate/generate.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import type { PolicyDocument } from './policy/document.ts';
import { type PrecheckParts, precheck } from './precheck/precheck.ts';
import { type PublishParts, publish } from './publish/publish.ts';
import type { ArtifactUpdate } from './storage/act.ts';

/*
 * What an impatient colleague would write, and what the compiler must not take. Each `@ts-expect-error` is an error of its own
 * once the line below it compiles; `npm run check:types` and `clearance.test.ts` both see that. Nothing here ever runs.
 */

declare const prechecked: Prechecked;
declare const decidedPrompt: Decided<Prechecked>;
declare const decidedOutput: Decided<Analyzed>;
declare const rendered: Rendered;
declare const prechecking: PrecheckParts;
declare const generating: GenerateParts;
declare const publishing: PublishParts;

export function skipsTheGateBeforeEverything() {
  // @ts-expect-error a submission of which nobody asked whether it is open
  void precheck(aSubmission(), prechecking);
  // @ts-expect-error nobody but admit lets in
  const forged: Admitted<Submission> = aSubmission();
  return forged;
}

export function publishesWithoutTheSwitch() {
  // @ts-expect-error a picture recorded as published without a word of what it was made with, so that no switch could stop the commit
  const update: ArtifactUpdate = {
    id: '',
    published_sha256: '',
    published_blob: '',
    published_format: '',
    published_at: '',
    ledger_leaf: '',
  };
  return update;
}

export function skipsTheGateBeforeTheModel() {
  // @ts-expect-error a prompt that nobody judged
  void generate(prechecked, generating);
  // @ts-expect-error a prompt that was judged, and nobody asked how
  void generate(decidedPrompt, generating);
}

export async function skipsTheGateBeforeTheCaller() {
  // @ts-expect-error a picture that nobody judged
  await publish(anAnalyzed(), publishing);
  // @ts-expect-error a picture that was judged, and nobody asked how
  await publish(decidedOutput, publishing);
  // @ts-expect-error a picture straight from the model
  await publish(rendered, publishing);
  // @ts-expect-error clearance of the prompt is not clearance of the picture
  if (isCleared(decidedPrompt)) await publish(decidedPrompt, publishing);
}

export function forgesClearance() {
  // @ts-expect-error a decision that says allow is no clearance
  const fromDecision: Cleared<Prechecked> = { ...aPrechecked(), decision: aDecision('allow') };
  // @ts-expect-error no literal has the symbol
  const fromLiteral: Cleared<Prechecked> = { ...decidedPrompt, clearance: true };
  // @ts-expect-error nor has a symbol of the same name
  const fromSymbol: Cleared<Prechecked> = { ...decidedPrompt, [Symbol('clearance')]: true };
  return [fromDecision, fromLiteral, fromSymbol];
}

export function mistakesAnAnswerForClearance() {
  // @ts-expect-error refused is the other branch
  if (!isCleared(decidedPrompt)) void generate(decidedPrompt, generating);
}

export function saysYesToWhatCouldNotBeTold(document: PolicyDocument) {
  const [entry] = document.checks;
  // @ts-expect-error no policy can allow what a failed check could not judge
  const lenient: typeof entry = { id: 'file-sanity', whenFailed: 'allow' };
  // @ts-expect-error nor merely label it
  const labelled: typeof entry = { id: 'file-sanity', whenFailed: 'label' };
  // @ts-expect-error the planned check knows no such word either
  const planned: CompiledPolicy['checks'][number]['whenFailed'] = 'allow';
  // @ts-expect-error a rule cannot allow, so none can overrule another
  const rule: PolicyDocument['rules'][number]['action'] = 'allow';
  return [lenient, labelled, planned, rule];
}
