import type { CheckInput } from '../contracts/check.ts';
import type { Prechecked } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';

export interface PrecheckParts {
  readonly checks: CheckRunner;
}

/** Looks at the prompt and at every input image, before anything is paid for. It reports; it does not decide. */
export async function precheck(submission: Submission, { checks }: PrecheckParts): Promise<Prechecked> {
  const { prompt, inputs } = submission.request;
  const { surface } = submission.caller;
  const subjects: CheckInput[] = [
    { subject: { kind: 'prompt' }, prompt, surface },
    ...inputs.map(({ index, bytes }) => ({ subject: { kind: 'input_image' as const, index }, prompt, surface, image: bytes })),
  ];
  return { stage: 'prompt', submission, ...(await checks.run(subjects)) };
}
