import { z } from 'zod';
import { printable } from './printable.ts';

interface Step {
  readonly title: string | null;
  readonly generator: string | null;
  readonly signer: string | null;
  readonly state: string;
  readonly codes: readonly string[];
  readonly inputs: readonly Step[];
}
const step: z.ZodType<Step> = z.lazy(() =>
  z.looseObject({
    title: z.string().nullable(),
    generator: z.string().nullable(),
    signer: z.string().nullable(),
    state: z.string(),
    codes: z.array(z.string()),
    inputs: z.array(step),
  }),
);

/** What the command line needs of the gateway's answer about a file; the rest passes through. */
export const reportSchema = z.looseObject({
  verdict: z.enum(['ours-intact', 'ours-altered', 'ours-recovered', 'foreign', 'none']),
  sha256: z.string(),
  origin: z.looseObject({
    made: z.enum(['generated', 'edited', 'captured', 'unknown']),
    by: z.string().nullable(),
    strength: z.enum(['proved', 'claimed', 'none']),
    basis: z.array(z.string()),
  }),
  c2pa: z.looseObject({
    state: z.string(),
    codes: z.array(z.string()),
    signer: z.looseObject({ organization: z.string().nullable() }).nullable(),
    history: step.nullable(),
  }),
  watermark: z.looseObject({
    state: z.string(),
    mark: z
      .looseObject({
        of: z.string(),
        artifact_id: z.string().nullable(),
        picture: z.string(),
        transform: z.looseObject({
          scale: z.tuple([z.number(), z.number()]),
          rotation_degrees: z.number(),
          mirrored: z.boolean(),
          inverted: z.boolean(),
          part: z.looseObject({ width: z.number(), height: z.number() }),
        }),
      })
      .nullable(),
  }),
  record: z
    .looseObject({
      artifact_id: z.string(),
      generation_id: z.string(),
      published_at: z.string(),
      model: z.string(),
      surface: z.string(),
      decision_id: z.string().nullable(),
      policy: z.string().nullable(),
      takedown: z.looseObject({ reason: z.string(), at: z.string() }).nullable(),
    })
    .nullable(),
  metadata: z.looseObject({
    state: z.string(),
    problems: z.array(z.string()),
    generators: z.array(z.looseObject({ tool: z.string(), where: z.string(), model: z.string().nullable() })),
    sourceType: z.string().nullable(),
    camera: z.string().nullable(),
  }),
});
export type Report = z.output<typeof reportSchema>;

const SENTENCE = {
  'ours-intact': 'made here, and intact',
  'ours-altered': 'leads to a picture that was made here, but the file is not what we published',
  'ours-recovered': 'looks like a picture that was made here; its credential was removed',
  foreign: 'carries a content credential that is not ours',
  none: 'nothing in it leads to us. That does not mean that a person made it',
} as const;

const MADE = { generated: 'by a model', edited: 'by a model, in part', captured: 'by a camera', unknown: 'not known how' } as const;

/** One report in words. What a file says of itself is stripped of control characters: it is a stranger's text on a terminal. */
export function describeReport(path: string, report: Report): string {
  const { verdict, origin, c2pa, record, metadata, watermark } = report;
  const signer = c2pa.signer === null ? '' : `, signed by ${c2pa.signer.organization ?? 'unknown'}`;
  const codes = c2pa.codes.length === 0 ? '' : ` (${c2pa.codes.join(', ')})`;
  const by = origin.by === null ? '' : `, ${origin.by}`;
  const lines = [
    `${path}: ${SENTENCE[verdict]}.`,
    `  made        ${MADE[origin.made]}${by}${origin.strength === 'none' ? '' : ` (${origin.strength} by ${origin.basis.join(', ')})`}`,
    `  credential  ${c2pa.state}${signer}${codes}`,
    `  watermark   ${markWords(watermark)}`,
    ...(c2pa.history === null ? [] : historyLines(c2pa.history.inputs, 1)),
    ...metadata.generators.map(({ tool, where, model }) => `  says        ${tool}${model === null ? '' : ` ${model}`} (${where})`),
    ...(metadata.problems.length === 0 ? [] : [`  problems    ${metadata.problems.join(', ')}`]),
    ...(record === null ? [] : recordLines(record)),
  ];
  return lines.map(printable).join('\n');
}

function markWords({ state, mark }: Report['watermark']): string {
  if (mark === null) {
    return state === 'absent' ? 'none of ours found, which proves little: a mark can get lost or be removed' : 'could not be looked for';
  }
  const changes = changesOf(mark.transform);
  return `${whoseMark(mark)}${changes.length === 0 ? '' : `; since then: ${changes.join(', ')}`}`;
}

type Mark = NonNullable<Report['watermark']['mark']>;

function whoseMark({ of, artifact_id: artifact, picture }: Mark): string {
  if (of === 'review-copy') return 'ours: this was shown to a reviewer, and never published';
  if (of !== 'artifact') return 'under our key, and nothing is on record here about it';
  if (picture === 'same') return `ours, of ${artifact ?? 'a picture'}, and this is that picture`;
  if (picture === 'different') return `copied: it is that of ${artifact ?? 'another picture'}, and this is not that picture`;
  return `ours, of ${artifact ?? 'a picture'}; there is too little in the file to tell whether it is that picture`;
}

/** What was undone to read it, where somebody would see it. A piece of a large picture looks enlarged to the mark. */
function changesOf({ scale: [x, y], rotation_degrees: degrees, mirrored, inverted, part }: Mark['transform']): string[] {
  const size = Math.sqrt(x * y);
  return [
    ...(size < 0.97 ? [`made smaller (${size.toFixed(2)} times)`] : size > 1.03 ? [`enlarged or cut out (${size.toFixed(2)} times)`] : []),
    ...(Math.abs(degrees) < 0.5 ? [] : [`turned by ${Math.round(degrees)}°`]),
    ...(mirrored ? ['mirrored'] : []),
    ...(inverted ? ['colors inverted'] : []),
    ...(part.width < 0.97 || part.height < 0.97 ? ['put into a larger picture'] : []),
  ];
}

function historyLines(inputs: readonly Step[], depth: number): string[] {
  return inputs.flatMap(({ title, generator, signer, state, codes, inputs: deeper }) => [
    `  ${'  '.repeat(depth - 1)}made from   ${title ?? 'a picture'} by ${signer ?? generator ?? 'nobody named'}: ${state}${codes.length === 0 ? '' : ` (${codes.join(', ')})`}`,
    ...historyLines(deeper, depth + 1),
  ]);
}

function recordLines(record: NonNullable<Report['record']>): string[] {
  return [
    `  artifact    ${record.artifact_id}`,
    `  generation  ${record.generation_id} on surface ${record.surface}`,
    `  model       ${record.model}`,
    `  published   ${record.published_at}`,
    `  decision    ${record.decision_id ?? '–'} under ${record.policy ?? '–'}`,
    ...(record.takedown === null ? [] : [`  taken down  ${record.takedown.at} (${record.takedown.reason})`]),
  ];
}
