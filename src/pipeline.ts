import { type AdmitParts, admit } from './admit/admit.ts';
import { type AnalyzeParts, analyze } from './analyze/analyze.ts';
import type { Cleared } from './contracts/cleared.ts';
import type { Outcome, Prechecked, Published } from './contracts/stages.ts';
import type { Submission } from './contracts/submission.ts';
import { type DecideParts, decide, isCleared, isWithheldFrame } from './decide/decide.ts';
import { outcomeOf } from './decide/outcome-of.ts';
import { type GenerateParts, generate } from './generate/generate.ts';
import { type PrecheckParts, precheck } from './precheck/precheck.ts';
import { type RememberParts, rememberTurn } from './prompts/conversation/remember-turn.ts';
import { type PublishParts, publish } from './publish/publish.ts';

export type Toolbox = AdmitParts & PrecheckParts & DecideParts & RememberParts & GenerateParts & AnalyzeParts & PublishParts;

/** The product, top to bottom. Read this function first. It yields what may leave, in order, and returns how it ended. */
export async function* runPipeline(submission: Submission, toolbox: Toolbox): AsyncGenerator<Published, Outcome> {
  const admitted = await admit(submission, toolbox);
  const prechecked = await decide(await precheck(admitted, toolbox), toolbox);
  await rememberTurn(prechecked, toolbox);
  if (!isCleared(prechecked)) return outcomeOf(prechecked);
  return yield* produce(prechecked, toolbox);
}

/** Everything after the prompt is cleared: also what a person's release of a held prompt runs. */
export async function* produce(prompt: Cleared<Prechecked>, toolbox: Toolbox): AsyncGenerator<Published, Outcome> {
  for await (const rendered of generate(prompt, toolbox)) {
    if (rendered.kind === 'ended') return rendered.outcome;
    const analyzed = await decide(await analyze(rendered, toolbox), toolbox);
    if (isWithheldFrame(analyzed)) continue;
    if (!isCleared(analyzed)) return outcomeOf(analyzed);

    const published = await publish(analyzed, toolbox);
    if (!('artifacts' in published)) {
      const reconsidered = await decide({ ...analyzed, ...published }, toolbox);
      if (isWithheldFrame(reconsidered)) continue;
      return outcomeOf(reconsidered);
    }
    yield published;
    if (published.outcome !== null) return published.outcome;
  }
  throw new Error('generate ended without a final frame');
}
