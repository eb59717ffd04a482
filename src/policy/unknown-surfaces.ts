import type { Condition } from './condition.ts';
import { nearest } from './nearest.ts';
import type { PolicyDraft } from './policy-draft.ts';
import type { Flaw } from './policy-problem.ts';

interface Mention {
  readonly surface: string;
  readonly path: Flaw['path'];
  readonly at: Flaw['at'];
}

/** Every surface that a policy names and the gateway does not have. A misspelled one would make its line mean nothing, in silence. */
export function unknownSurfaces(draft: PolicyDraft, known: readonly string[]): Flaw[] {
  return mentions(draft)
    .filter(({ surface }) => !known.includes(surface))
    .map(({ surface, path, at }) => {
      const meant = nearest(surface, known);
      const hint = meant === undefined ? `configured: ${known.join(', ')}` : `did you mean "${meant}"?`;
      return { path, at, message: `there is no surface "${surface}"`, hint };
    });
}

function mentions({ rules, thresholds, obligations }: PolicyDraft): Mention[] {
  const label = obligations?.label;
  return [
    ...rules.flatMap((rule, i) => (rule === undefined ? [] : inCondition(rule.when, ['rules', i, 'when']))),
    ...thresholds.flatMap(([category, line]) =>
      Object.keys(line.surfaces ?? {}).map(
        (surface): Mention => ({ surface, path: ['thresholds', category, 'surfaces', surface], at: 'key' }),
      ),
    ),
    ...(typeof label === 'object' && label.surfaces !== undefined ? inList(label.surfaces, ['obligations', 'label', 'surfaces']) : []),
  ];
}

function inCondition(when: Condition, path: Flaw['path']): Mention[] {
  if ('any' in when) return when.any.flatMap((part, i) => inCondition(part, [...path, 'any', i]));
  if ('all' in when) return when.all.flatMap((part, i) => inCondition(part, [...path, 'all', i]));
  if ('not' in when) return inCondition(when.not, [...path, 'not']);
  return 'surface' in when ? inList(when.surface, [...path, 'surface']) : [];
}

const inList = (surfaces: readonly string[], path: Flaw['path']) =>
  surfaces.map((surface, i): Mention => ({ surface, path: [...path, i], at: 'value' }));
