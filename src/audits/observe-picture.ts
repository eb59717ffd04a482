import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Check } from '../contracts/check.ts';
import { DEFAULT_LIMITS } from '../detectors/containers/container-report.ts';
import { apparentAgeOf } from '../detectors/faces/apparent-age.ts';
import { distinctFaces } from '../detectors/faces/distinct-faces.ts';
import type { PictureLooker } from '../detectors/looking/picture-looker.ts';
import type { SeenFace, Sight } from '../detectors/looking/sight.ts';
import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Label } from './labels.ts';
import type { CheckAnswer, Observation, ObservedFace } from './observation.ts';
import type { SkinInput } from './skin-job.ts';

export interface ObservingParts {
  readonly pool: WorkerPool;
  readonly looker: PictureLooker;
  /** Of pictures. */
  readonly checks: readonly Check[];
  /** A score from which on a signal counts as an alarm. */
  readonly threshold: number;
}

const DEADLINE_MS = 60_000;
const NOTHING = { faces: 0, face: null, checks: new Map<string, CheckAnswer>() } as const;

/** Looks at a labelled picture with everything. Never rejects: what could not be seen is said. */
export async function observePicture(root: string, label: Label, parts: ObservingParts): Promise<Observation> {
  try {
    const path = join(root, label.file);
    const entry = await stat(path);
    if (!entry.isFile() || entry.size > DEFAULT_LIMITS.maxBytes) return { label, state: 'unreadable', ...NOTHING };
    return await observe(await readFile(path), label, parts);
  } catch {
    return { label, state: 'unreadable', ...NOTHING };
  }
}

async function observe(bytes: Buffer, label: Label, parts: ObservingParts): Promise<Observation> {
  const sight = await parts.looker.look(bytes, 'standard').catch((): null => null);
  if (sight === null) return { label, state: 'lost', ...NOTHING };
  if (sight.kind === 'unreadable') return { label, state: 'unreadable', ...NOTHING };
  const [face, answers] = await Promise.all([observeFace(bytes, sight, parts.pool), askChecks(bytes, parts)]);
  return { label, state: 'seen', faces: distinctFaces(sight.faces).length, face, checks: answers };
}

/** The largest face, with the tone of its skin. */
export async function observeFace(
  bytes: Uint8Array,
  { faces }: Extract<Sight, { kind: 'seen' }>,
  pool: WorkerPool,
): Promise<ObservedFace | null> {
  const [face] = faces.toSorted((a, b) => b.seenPx - a.seenPx);
  if (face === undefined) return null;
  const { years, impression } = apparentAgeOf(face);
  return {
    apparentAge: years,
    isYoung: impression !== 'adult',
    typologyAngle: face.frame === 0 ? await skinOf(bytes, face, pool) : null,
    descriptor: Float32Array.from(face.descriptor),
  };
}

async function skinOf(bytes: Uint8Array, { box, rollDegrees }: SeenFace, pool: WorkerPool): Promise<number | null> {
  const outcome = await pool.run<SkinInput, number | null>({
    module: jobModule(import.meta.url, './skin-job'),
    input: { bytes, limits: DEFAULT_LIMITS, face: { box, rollDegrees } },
    deadlineMs: DEADLINE_MS,
    parse: (output) => z.number().min(-90).max(90).nullable().parse(output),
  });
  return outcome.kind === 'done' ? outcome.output : null;
}

async function askChecks(image: Buffer, { checks, threshold }: ObservingParts): Promise<ReadonlyMap<string, CheckAnswer>> {
  const answers = await Promise.all(
    checks.map(async (check): Promise<readonly [string, CheckAnswer]> => {
      try {
        const input = { subject: { kind: 'input_image', index: 0 } as const, prompt: '', surface: 'audit', image };
        const detection = await check.detect(input, AbortSignal.timeout(DEADLINE_MS));
        if (detection.kind === 'abstained') return [check.id, { kind: 'could_not_tell' }];
        const loud = detection.signals.filter(({ score }) => score >= threshold);
        return [check.id, { kind: 'said', alarms: [...new Set(loud.map(({ category }) => category))] }];
      } catch {
        return [check.id, { kind: 'could_not_tell' }];
      }
    }),
  );
  return new Map(answers);
}
