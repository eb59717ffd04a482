import type { BehaviorWatch } from '../behavior/watch-behavior.ts';
import type { Admitted } from '../contracts/admitted.ts';
import type { CheckInput } from '../contracts/check.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Prechecked } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';
import { isMalformedFile } from '../detectors/file-sanity/file-sanity.ts';
import { conversationRefOf } from '../prompts/conversation/conversation-ref.ts';
import { judgeBeside, together } from './judge-beside.ts';

export interface PrecheckParts {
  readonly behavior: Pick<BehaviorWatch, 'observe'>;
  readonly checks: CheckRunner;
}

/**
 * Looks at the prompt, at the texts beside it and at every input image, before anything is paid for. It reports; it does not decide. A picture
 * that is merely broken is no risk to be judged but a request to be corrected, and nothing is written down for it.
 * @throws ImprimaturError IMAGE_UNREADABLE
 */
export async function precheck(submission: Admitted<Submission>, { checks, behavior }: PrecheckParts): Promise<Prechecked> {
  const { prompt, inputs, operation } = submission.request;
  const about = {
    prompt,
    surface: submission.caller.surface,
    application: submission.caller.application,
    operation,
    ...(submission.language === undefined ? {} : { language: submission.language }),
  };
  const subjects: CheckInput[] = [
    { ...about, subject: { kind: 'prompt' }, conversation: conversationRefOf(submission) },
    ...inputs.map(({ index, bytes, sha256 }) => ({
      ...about,
      subject: { kind: 'input_image' as const, index },
      image: bytes,
      sha256,
    })),
  ];
  const [own, beside] = await Promise.all([checks.run(subjects), judgeBeside(submission.request, about, checks)]);
  const judged = together(own, beside);
  refuseUnreadable(judged.findings);
  const scores = behavior.observe(submission);
  return { stage: 'prompt', submission, ...judged, ...(scores === null ? {} : { behavior: scores }) };
}

/** A classifier says a little about every prompt. */
const PROMPT_NOISE = 0.5;
const noiseOf = ({ subject }: Finding) => (subject.kind === 'prompt' ? PROMPT_NOISE : 0);

/** Only when being broken is all that was found: a hostile file, or one that is known, is for the policy. */
function refuseUnreadable(findings: readonly Finding[]): void {
  const signals = findings.flatMap((finding) => (finding.kind === 'signals' ? finding.signals.map((signal) => ({ finding, signal })) : []));
  const broken = signals.find(({ signal }) => isMalformedFile(signal));
  if (broken === undefined || signals.some(({ finding, signal }) => signal.score > noiseOf(finding) && !isMalformedFile(signal))) return;
  const { subject } = broken.finding;
  const index = subject.kind === 'input_image' ? subject.index : 0;
  throw new ImprimaturError('IMAGE_UNREADABLE', {
    hint: `Picture ${index + 1} of the request: ${broken.signal.reason.replace('malformed:', '').replaceAll('_', ' ')}.`,
    param: 'image',
  });
}
