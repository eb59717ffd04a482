import type { Category } from '../../contracts/category.ts';
import type { StoredDecision } from '../../generations/stored-decisions.ts';
import type { PolicyDocument } from '../../policy/document.ts';

/** Why a case is here, without a score: whoever decides is not to be led by a number. */
export interface Why {
  readonly rule: string;
  readonly description: string | null;
  readonly check?: string;
  readonly reason?: string;
}

/** A part of the prompt that a check points at. Offsets are UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly category: Category;
  readonly rule: string;
}

/** What a check said, with its score; shown after somebody has decided, or asked for it. */
export interface ShownSignal {
  readonly check: string;
  readonly signal: string;
  readonly category: Category | null;
  readonly score: number | null;
  readonly threshold: number | null;
  readonly text: string | null;
}

export function whyOf({ body }: StoredDecision, descriptions: ReadonlyMap<string, string>): readonly Why[] {
  return body.rules.flatMap(({ rule, evidence }) => {
    const about = { rule, description: descriptions.get(rule) ?? null };
    const seen = new Map(evidence.map(({ check, reason }) => [`${check} ${reason}`, { check, reason }]));
    return seen.size === 0 ? [about] : [...seen.values()].map((one) => ({ ...about, ...one }));
  });
}

/**
 * The parts of the prompt that count: what a rule was fired by, and what reaches a number of the policy. A classifier says a little of everything about
 * every word. Of several words about one range the strongest stands.
 */
export function spansOf({ body }: StoredDecision, { thresholds }: Pick<PolicyDocument, 'thresholds'>): readonly Span[] {
  const fired = new Set(body.rules.flatMap(({ evidence }) => evidence.map(({ check, reason }) => `${check} ${reason}`)));
  const found = body.findings.flatMap((finding) => {
    if (finding.kind !== 'signals' || finding.subject.kind !== 'prompt') return [];
    const counted = finding.signals.filter(
      ({ category, score, reason }) => fired.has(`${finding.check} ${reason}`) || score >= lowestOf(thresholds[category]),
    );
    return counted.flatMap(({ category, reason: rule, score, spans = [] }) => spans.map((span) => ({ ...span, category, rule, score })));
  });
  const strongest = new Map(found.toSorted((a, b) => a.score - b.score).map((span) => [`${span.start} ${span.end}`, span]));
  return [...strongest.values()].map(({ score: _, ...span }) => span).toSorted((a, b) => a.start - b.start);
}

function lowestOf(line: PolicyDocument['thresholds'][Category]): number {
  return Math.min(...[line?.label, line?.hold, line?.block].filter((level) => level !== undefined), 1);
}

export function signalsOf({ body }: StoredDecision): readonly ShownSignal[] {
  return body.findings.flatMap((finding): ShownSignal[] => {
    const { check } = finding;
    if (finding.kind === 'signals') {
      return finding.signals.map(({ category, score, reason }) => ({
        check,
        signal: reason,
        category,
        score,
        threshold: null,
        text: null,
      }));
    }
    const text = finding.kind === 'failed' ? `could not tell: ${finding.cause}` : `did not judge: ${finding.reason}`;
    return [{ check, signal: finding.kind, category: null, score: null, threshold: null, text }];
  });
}
