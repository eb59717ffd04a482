import type { DetectorAudit } from './audit-detectors.ts';
import { csvLine } from './csv.ts';

const HEADING = ['measure', 'detector', 'unit', 'dimension', 'group', 'n', 'value', 'low', 'high', 'few', 'gap', 'gap_p', 'beyond_chance'];

/** One line for each figure, the whole first. */
export function detectorTable({ measures }: DetectorAudit): string {
  const lines = measures.flatMap(({ id, detector, unit, overall, comparisons }) => [
    csvLine([id, detector, unit, 'all', 'all', overall.n, overall.value, overall.low, overall.high, null, null, null, null]),
    ...comparisons.flatMap(({ dimension, groups, gap }) =>
      groups.map(({ group, n, value, low, high, isFew }) =>
        csvLine([
          ...[id, detector, unit, dimension, group, n, value, low, high],
          isFew ? 'yes' : 'no',
          gap?.size ?? null,
          gap?.chance ?? null,
          gap === null ? null : gap.isBeyondChance ? 'yes' : 'no',
        ]),
      ),
    ),
  ]);
  return csvLine(HEADING) + lines.join('');
}
