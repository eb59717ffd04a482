import { expect, it } from 'vitest';
import type { CheckInput } from '../contracts/check.ts';
import type { Finding } from '../contracts/finding.ts';
import { anArtifact, aRendered } from '../contracts/stages.fixture.ts';
import { analyze } from './analyze.ts';

it('shows the checks every picture of a frame, under its own place', async () => {
  const inputs: CheckInput[] = [];
  const artifacts = [0, 1, 2].map((position) => anArtifact({ position, bytes: new Uint8Array([position]) }));
  const failed: Finding = {
    kind: 'failed',
    check: 'x',
    subject: { kind: 'artifact', index: 2 },
    durationMs: 1,
    cause: 'threw',
    detail: '',
  };
  const run = async (given: readonly CheckInput[]) => {
    inputs.push(...given);
    return { findings: [failed], expected: [{ check: 'y', subject: failed.subject }] };
  };
  const rendered = aRendered({ artifacts });
  const analyzed = await analyze(rendered, { checks: { checks: [], run } });
  expect(inputs.map(({ subject, image }) => [subject, image?.[0]])).toEqual(
    [0, 1, 2].map((position) => [{ kind: 'artifact', index: position }, position]),
  );
  expect(analyzed).toEqual({ stage: 'output', rendered, findings: [failed], expected: [{ check: 'y', subject: failed.subject }] });
});
