import type { Category } from '../contracts/category.ts';
import type { Condition } from './condition.ts';
import { type Rule, type ThresholdLine, TWO_DISCLOSURE_REGIONS } from './document.ts';
import type { PolicyDraft } from './policy-draft.ts';
import type { Flaw } from './policy-problem.ts';

/** From `score` on, content of this category is blocked, whatever a policy says. */
export interface Floor {
  readonly rule: string;
  readonly category: Category;
  readonly score: number;
}

/**
 * What no policy may relax. They stand in code and not in a pack, so that no file, however it was signed or loaded, can
 * take them away. Sexualized minors have the lowest number because a miss is the gravest failure there is, and a false
 * alarm costs one picture.
 */
export const FLOORS: readonly Floor[] = [
  { rule: 'floor:sexual_minors', category: 'sexual_minors', score: 0.3 },
  { rule: 'floor:ncii_undress', category: 'ncii_undress', score: 0.8 },
  { rule: 'floor:known_bad', category: 'known_bad', score: 0.9 },
  { rule: 'floor:unsafe_file', category: 'unsafe_file', score: 0.9 },
];

/** The floor of a category, when it has one. */
export function floorOf(category: Category): Floor | undefined {
  return FLOORS.find((floor) => floor.category === category);
}

/** Every place where a draft says less than a floor does. The floor would hold all the same; a reader would be misled. */
export function weakenings(draft: PolicyDraft, now: Date): Flaw[] {
  return [
    ...draft.thresholds.flatMap(([category, line]) => weakLine(category, line)),
    ...draft.rules.flatMap((rule, index) =>
      rule === undefined || rule.action === 'block' ? [] : weakRule(rule.when, rule, ['rules', index, 'when']),
    ),
    ...weakObligations(draft, now),
    ...lonelyDisclosures(draft),
  ];
}

function weakLine(category: Category, line: ThresholdLine): Flaw[] {
  const floor = floorOf(category);
  if (floor === undefined) return [];
  const path = ['thresholds', category];
  const missing: Flaw[] =
    line.block === undefined
      ? [
          {
            path,
            at: 'key',
            message: `"${category}" must be blocked from ${floor.score} or lower, and this line has no "block"`,
            hint: FLOOR_HINT,
          },
        ]
      : [];
  const overrides = Object.entries(line.surfaces ?? {}).flatMap(([surface, levels]) =>
    weakLevels(levels, floor, [...path, 'surfaces', surface]),
  );
  return [...missing, ...weakLevels(line, floor, path), ...overrides];
}

const FLOOR_HINT = 'a floor: no policy may relax it';

function weakLevels({ label, hold, block }: Pick<ThresholdLine, 'label' | 'hold' | 'block'>, floor: Floor, path: Flaw['path']): Flaw[] {
  const flaws: Flaw[] = [];
  if (block !== undefined && block > floor.score) {
    flaws.push({
      path: [...path, 'block'],
      at: 'value',
      message: `"${floor.category}" must be blocked from ${floor.score} or lower`,
      hint: FLOOR_HINT,
    });
  }
  for (const [action, value] of Object.entries({ label, hold })) {
    // Beside a block of its own, a hold that comes too late is reported as one that never applies.
    if (block !== undefined || value === undefined || value < floor.score) continue;
    flaws.push({
      path: [...path, action],
      at: 'value',
      message: `from ${floor.score} on "${floor.category}" is blocked, so "${action}" can never apply here`,
      hint: FLOOR_HINT,
    });
  }
  return flaws;
}

function weakRule(when: Condition, rule: Rule, path: Flaw['path']): Flaw[] {
  if ('any' in when) return when.any.flatMap((part, i) => weakRule(part, rule, [...path, 'any', i]));
  if ('all' in when) return when.all.flatMap((part, i) => weakRule(part, rule, [...path, 'all', i]));
  if (!('category' in when)) return [];
  const floor = floorOf(when.category);
  if (floor === undefined || when.score < floor.score) return [];
  return [
    {
      path: [...path, 'score'],
      at: 'value',
      message: `from ${floor.score} on "${floor.category}" is blocked; rule "${rule.id}" says only "${rule.action}"`,
      hint: FLOOR_HINT,
    },
  ];
}

/** An exception that outlives a year is a rule; whoever wants it has to say so again. */
const LONGEST_EXCEPTION_MS = 366 * 86_400_000;

function weakObligations({ obligations }: PolicyDraft, now: Date): Flaw[] {
  if (obligations === undefined) return [];
  const { credential, unsignedException } = obligations;
  if (!credential && unsignedException === undefined) {
    return [
      {
        path: ['obligations', 'credential'],
        at: 'value',
        message: 'pictures may leave unsigned only under "unsignedException: { reason, until }"',
        hint: FLOOR_HINT,
      },
    ];
  }
  if (unsignedException === undefined || Date.parse(unsignedException.until) - now.getTime() <= LONGEST_EXCEPTION_MS) return [];
  return [{ path: ['obligations', 'unsignedException', 'until'], at: 'value', message: 'an exception may last one year at most' }];
}

/** One of the two disclosures without the other: EU AI Act article 50 (2) and (4), SB 942 §22757.3 (a) and (b). */
function lonelyDisclosures({ obligations }: PolicyDraft): Flaw[] {
  const { disclosures = {}, credential = true } = obligations ?? {};
  return Object.entries(disclosures).flatMap(([region, { latent, visible }]): Flaw[] => {
    const path = ['obligations', 'disclosures', region];
    const isPaired = TWO_DISCLOSURE_REGIONS.some((one) => one === region);
    if (isPaired && latent !== (visible !== 'never')) {
      const message = latent
        ? `"${region}" asks for a visible label that is at least offered beside the machine-readable mark`
        : `"${region}" asks for a machine-readable mark beside the visible label`;
      return [{ path: [...path, latent ? 'visible' : 'latent'], at: 'value', message, hint: 'the two disclosures are a pair there' }];
    }
    if (!latent || credential) return [];
    return [
      { path: [...path, 'latent'], at: 'value', message: 'a machine-readable mark needs the signed credential, and "credential" is false' },
    ];
  });
}
