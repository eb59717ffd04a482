import { type CompareEdit, createEditComparer } from '../detectors/edit-anomaly/edit-comparer.ts';
import { createImageInspector, type ImageInspector } from '../detectors/inspect-image.ts';
import { createPictureLooker, type PictureLooker } from '../detectors/looking/picture-looker.ts';
import { checkNetworks } from '../detectors/networks/check-networks.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { DETECTOR_RSS_MB } from './open-ground.ts';

export interface LocalDetectors {
  readonly looker: PictureLooker;
  readonly inspector: ImageInspector;
  readonly compareEdit: CompareEdit;
}

/** For whoever waits at a terminal: the machine may be busy, and the first picture loads the networks. */
const DEADLINE_MS = 60_000;

/**
 * The detectors for a command that runs without a gateway, in `processes` processes of its own.
 * @throws ImprimaturError DETECTOR_MODEL_ALTERED when a network is missing or another
 */
export async function withLocalDetectors<T>(processes: number, work: (detectors: LocalDetectors) => Promise<T>): Promise<T> {
  await checkNetworks();
  const pool = createWorkerPool({ size: processes, maxRssMb: DETECTOR_RSS_MB });
  try {
    const parts = { pool, deadlineMs: DEADLINE_MS };
    const looker = createPictureLooker(parts);
    return await work({
      looker,
      inspector: createImageInspector(parts),
      compareEdit: createEditComparer({ ...parts, looker }),
    });
  } finally {
    await pool.close();
  }
}
