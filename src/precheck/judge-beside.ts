import type { CheckInput } from '../contracts/check.ts';
import type { Finding, Signal } from '../contracts/finding.ts';
import type { Judged } from '../contracts/stages.ts';
import type { ImageRequest } from '../contracts/submission.ts';
import { wordsBeside } from '../contracts/words-beside.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';

/**
 * Judges the prompt together with the texts that stand beside it, as one JSON prompt: names and values are read apart, what stands under a
 * negative name must not be shown, and a wish that is split over two fields is found. Null where there is nothing beside it. Its findings
 * are about the prompt; they bear no places, since they count characters of a text that nobody wrote.
 */
export async function judgeBeside(
  request: Pick<ImageRequest, 'prompt' | 'parameters'>,
  about: Omit<CheckInput, 'subject' | 'prompt'>,
  checks: CheckRunner,
): Promise<Judged | null> {
  const beside = wordsBeside(request);
  if (Object.keys(beside).length === 0) return null;
  const judged = await checks.run([
    { ...about, subject: { kind: 'prompt' }, prompt: JSON.stringify({ prompt: request.prompt, ...beside }) },
  ]);
  return { ...judged, findings: judged.findings.map(withoutPlaces), shadows: (judged.shadows ?? []).map(withoutPlaces) };
}

/** Both together: of what was said twice about the prompt, the stronger; whatever could not tell stays. */
export function together(own: Judged, beside: Judged | null): Judged {
  if (beside === null) return own;
  return {
    ...own,
    findings: [...own.findings, ...beyond(own.findings, beside.findings)],
    ...(own.shadows === undefined ? {} : { shadows: [...own.shadows, ...beyond(own.shadows, beside.shadows ?? [])] }),
  };
}

function beyond(own: readonly Finding[], more: readonly Finding[]): Finding[] {
  const known = new Map(
    own.flatMap((finding) =>
      finding.kind === 'signals' && finding.subject.kind === 'prompt'
        ? finding.signals.map((signal) => [nameOf(finding, signal), signal.score] as const)
        : [],
    ),
  );
  return more.flatMap((finding): Finding[] => {
    if (finding.kind === 'abstained') return [];
    if (finding.kind === 'failed') return [finding];
    const signals = finding.signals.filter((signal) => signal.score > (known.get(nameOf(finding, signal)) ?? 0));
    return signals.length === 0 ? [] : [{ ...finding, signals }];
  });
}

const nameOf = ({ check }: Finding, { category, reason }: Signal) => `${check} ${category} ${reason}`;

function withoutPlaces(finding: Finding): Finding {
  if (finding.kind !== 'signals') return finding;
  return { ...finding, signals: finding.signals.map(({ spans: _, ...signal }) => signal) };
}
