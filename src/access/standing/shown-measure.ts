import type { Measure, MeasureKind } from './measure.ts';

const STANDINGS = { ban: 'banned', suspend: 'suspended', step_up: 'step_up', limit: 'limited' } as const;
const GRAVEST_FIRST: readonly (keyof typeof STANDINGS)[] = ['ban', 'suspend', 'step_up', 'limit'];

/** What stands in somebody's way now, in a word. */
export function standingOf(measures: readonly Measure[], at: Date): 'good' | (typeof STANDINGS)[keyof typeof STANDINGS] {
  const inForce = new Set<MeasureKind>(measures.filter((one) => isInForce(one, at)).map(({ action }) => action));
  const gravest = GRAVEST_FIRST.find((action) => inForce.has(action));
  return gravest === undefined ? 'good' : STANDINGS[gravest];
}

/** As answers tell it. @param isCleared others do not learn of the case where it is suspected child abuse material */
export function shownMeasure(measure: Measure, at: Date, isCleared: boolean) {
  const isHidden = measure.restricted && !isCleared;
  return {
    object: 'measure' as const,
    id: measure.id,
    action: measure.action,
    in_force: isInForce(measure, at),
    until: measure.until?.toISOString() ?? null,
    reasons: isHidden ? [] : measure.reasons,
    case_id: isHidden ? null : measure.caseId,
    generation_id: isHidden ? null : measure.generationId,
    decision_id: isHidden ? null : measure.decisionId,
    by: isHidden ? null : measure.imposedBy,
    at: measure.imposedAt.toISOString(),
    lifted: measure.liftedAt === null ? null : { at: measure.liftedAt.toISOString(), by: measure.liftedBy, reason: measure.liftReason },
  };
}

function isInForce({ until, liftedAt }: Measure, at: Date): boolean {
  return liftedAt === null && (until === null || until > at);
}
