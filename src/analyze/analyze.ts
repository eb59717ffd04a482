import type { CheckInput } from '../contracts/check.ts';
import type { Analyzed, Rendered } from '../contracts/stages.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';

export interface AnalyzeParts {
  readonly checks: CheckRunner;
}

/** Looks at the pixels of every picture of one frame. It reports; it does not decide. */
export async function analyze(rendered: Rendered, { checks }: AnalyzeParts): Promise<Analyzed> {
  const { request, caller, language } = rendered.submission;
  const { prompt, operation } = request;
  const sources = request.inputs.filter(({ role }) => role === 'image').map(({ bytes }) => bytes);
  const mask = request.inputs.find(({ role }) => role === 'mask')?.bytes;
  const subjects: CheckInput[] = rendered.artifacts.map(({ position, bytes, sha256 }) => ({
    subject: { kind: 'artifact', index: position },
    prompt,
    surface: caller.surface,
    application: caller.application,
    operation,
    ...(language === undefined ? {} : { language }),
    image: bytes,
    sha256,
    ...(sources.length === 0 ? {} : { sources }),
    ...(mask === undefined ? {} : { mask }),
  }));
  return { stage: 'output', rendered, ...(await checks.run(subjects)) };
}
