import { CATEGORIES } from '../contracts/category.ts';
import type { Check, LooksAt } from '../contracts/check.ts';
import type { Condition } from './condition.ts';
import { FLOORS } from './floors.ts';
import { nearest } from './nearest.ts';
import type { PolicyDraft } from './policy-draft.ts';
import type { Flaw } from './policy-problem.ts';

/** What policy has to know of a check that is installed. */
export type CheckInfo = Pick<Check, 'id' | 'version' | 'looksAt' | 'categories' | 'deadlineMs'>;

type CheckFacts = Pick<CheckInfo, 'id' | 'looksAt' | 'categories'>;

/** Everything that the schema cannot see: names that lead nowhere, doubles, lines that can never apply, gaps below floors. */
export function crossReferenceFlaws(draft: PolicyDraft, knownChecks: readonly CheckFacts[]): Flaw[] {
  return [
    ...unknownChecks('checks', draft.checks, knownChecks),
    ...unknownChecks('shadow', draft.shadow, knownChecks),
    ...doubles(draft.checks, 'checks', 'the check'),
    ...doubles(draft.shadow, 'shadow', 'the check'),
    ...shadowsThatDecide(draft),
    ...doubles(draft.rules, 'rules', 'the rule id'),
    ...draft.rules.flatMap((rule, i) => (rule === undefined ? [] : undeclaredChecks(rule.when, draft, ['rules', i, 'when']))),
    ...deadThresholds(draft),
    ...strayParameters(draft),
    ...uncoveredFloors(draft, knownChecks),
    ...(draft.appeal !== undefined && Object.keys(draft.appeal).length === 0
      ? [{ path: ['appeal'], at: 'key' as const, message: '"appeal" needs a "url" or a "contact"' }]
      : []),
  ];
}

const suggestion = (word: string, candidates: readonly string[], otherwise: string) => {
  const meant = nearest(word, candidates);
  return meant === undefined ? `${otherwise}: ${candidates.join(', ') || 'none'}` : `did you mean "${meant}"?`;
};

type Entries = readonly ({ readonly id: string } | undefined)[];

function unknownChecks(list: string, entries: Entries, known: readonly CheckFacts[]): Flaw[] {
  const ids = known.map(({ id }) => id);
  return entries.flatMap((entry, i) =>
    entry === undefined || ids.includes(entry.id)
      ? []
      : [
          {
            path: [list, i, 'id'],
            at: 'value',
            message: `there is no check "${entry.id}"`,
            hint: suggestion(entry.id, ids, 'installed'),
          },
        ],
  );
}

function doubles(entries: Entries, list: string, what: string): Flaw[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, i): Flaw[] => {
    if (entry === undefined) return [];
    if (seen.has(entry.id))
      return [{ path: [list, i, 'id'], at: 'value', message: `${what} "${entry.id}" stands here for the second time` }];
    seen.add(entry.id);
    return [];
  });
}

function shadowsThatDecide({ checks, shadow }: PolicyDraft): Flaw[] {
  return shadow.flatMap((entry, i): Flaw[] =>
    entry !== undefined && checks.some((check) => check?.id === entry.id)
      ? [{ path: ['shadow', i, 'id'], at: 'value', message: `"${entry.id}" stands among "checks": it cannot decide and be a shadow` }]
      : [],
  );
}

function undeclaredChecks(when: Condition, draft: PolicyDraft, path: Flaw['path']): Flaw[] {
  if ('any' in when) return when.any.flatMap((part, i) => undeclaredChecks(part, draft, [...path, 'any', i]));
  if ('all' in when) return when.all.flatMap((part, i) => undeclaredChecks(part, draft, [...path, 'all', i]));
  if (!('check' in when) || draft.checks.includes(undefined)) return [];
  const declared = draft.checks.flatMap((entry) => (entry === undefined ? [] : [entry.id]));
  if (declared.includes(when.check)) return [];
  return [
    {
      path: [...path, 'check'],
      at: 'value',
      message: `"${when.check}" is not among this policy's checks`,
      hint: suggestion(when.check, declared, 'its checks'),
    },
  ];
}

/** The strongest action wins, so a milder one that begins at the same score or above it never comes to pass. */
function deadThresholds({ thresholds }: PolicyDraft): Flaw[] {
  return thresholds.flatMap(([category, line]) =>
    [
      { levels: line, path: ['thresholds', category] },
      ...Object.entries(line.surfaces ?? {}).map(([surface, levels]) => ({ levels, path: ['thresholds', category, 'surfaces', surface] })),
    ].flatMap(({ levels: { label, hold, block }, path }) => [
      ...outranked('label', label, { hold, block }, path),
      ...outranked('hold', hold, { block }, path),
    ]),
  );
}

function outranked(
  action: string,
  from: number | undefined,
  stronger: Readonly<Record<string, number | undefined>>,
  path: Flaw['path'],
): Flaw[] {
  const [winner] = Object.entries(stronger).filter(([, score]) => from !== undefined && score !== undefined && score <= from);
  if (winner === undefined) return [];
  return [{ path: [...path, action], at: 'value', message: `"${action}" can never apply: "${winner[0]}" begins at ${winner[1]} already` }];
}

function strayParameters({ parameters }: PolicyDraft): Flaw[] {
  return parameters.flatMap(([name, limit]): Flaw[] => {
    const path = ['parameters', name];
    if ('allow' in limit) {
      return limit.allow.includes(limit.otherwise)
        ? []
        : [{ path: [...path, 'otherwise'], at: 'value', message: '"otherwise" must be one of the allowed values' }];
    }
    if ('remove' in limit) return [];
    const { min, max } = limit;
    if (min === undefined && max === undefined)
      return [{ path, at: 'key', message: 'needs "allow" and "otherwise", "min", "max", or "remove"' }];
    return min !== undefined && max !== undefined && min > max
      ? [{ path: [...path, 'min'], at: 'value', message: '"min" is above "max"' }]
      : [];
  });
}

const SUBJECTS: readonly LooksAt[] = ['prompt', 'input_image', 'artifact'];

/**
 * Leaving out the only check that can see a floor category would relax the floor in silence. Not asked while an entry is
 * broken or misspelled: that is the problem to mend first.
 */
function uncoveredFloors({ checks, shadow }: PolicyDraft, installed: readonly CheckFacts[]): Flaw[] {
  // A detector on trial is nothing that a policy could be asked to rely on.
  const known = installed.filter(({ id }) => !shadow.some((entry) => entry?.id === id));
  if (!checks.every((entry) => known.some(({ id }) => id === entry?.id))) return [];
  const relied = known.filter(({ id }) => checks.some((entry) => entry?.id === id));
  const gaps = FLOORS.flatMap(({ category }) =>
    SUBJECTS.flatMap((subject) => {
      const sees = (check: CheckFacts) => check.categories.includes(category) && check.looksAt.includes(subject);
      const able = known.filter(sees);
      return able.length === 0 || relied.some(sees) ? [] : [{ category, able }];
    }),
  );
  return CATEGORIES.flatMap((category) => {
    const [gap] = gaps.filter((candidate) => candidate.category === category);
    if (gap === undefined) return [];
    const ids = gap.able.map(({ id }) => id).join(' or ');
    return [
      {
        path: ['checks'],
        at: 'key' as const,
        message: `nothing looks for "${category}" everywhere it can; add ${ids}`,
        hint: 'a floor: no policy may relax it',
      },
    ];
  });
}
