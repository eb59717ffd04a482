import { isId } from '../contracts/ids.ts';
import { openSubmission } from '../generations/open-submission.ts';
import type { Reported } from '../review/notices/file-notice.ts';
import type { HttpParts } from './parts.ts';

/** A capability on trial counts what people report of it. Nobody waits for this, and a reporter learns nothing of it. */
export async function countReported(
  reported: readonly Reported[],
  { store, evidence, controls, telemetry }: Pick<HttpParts, 'store' | 'evidence' | 'controls' | 'telemetry'>,
): Promise<void> {
  try {
    const artifacts = await Promise.all(reported.map(({ artifactId }) => (isId('art', artifactId) ? store.artifact(artifactId) : null)));
    for (const id of new Set(artifacts.flatMap((one) => one?.generationId ?? []))) {
      const generation = await store.find(id);
      if (generation !== null) controls.canary.reported(await openSubmission(generation, evidence));
    }
  } catch (error) {
    telemetry.stageFailed(error, 'notices');
  }
}
