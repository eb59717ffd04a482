import { type Admission, GATE_STATES, type GateRule, type Override } from './gate.ts';

const isWider = ({ state }: Pick<Admission, 'state'>, target: Admission['state']) =>
  GATE_STATES.indexOf(state) > GATE_STATES.indexOf(target);

/**
 * The rule with nothing in it wider than `target`; null when nothing is. Opens to nobody to whom it was closed: what is stricter already stays, an
 * override that lets all in gives way to the gate, and one for a share keeps its own list.
 */
export function narrowed(rule: GateRule, target: 'off' | 'allowlist'): GateRule | null {
  const { overrides = [], ...gate } = rule;
  if (!isWider(rule, target) && !overrides.some((one) => isWider(one, target))) return null;
  const kept = overrides.flatMap((one): Override[] => {
    if (!isWider(one, target)) return [one];
    return one.state === 'percent' && target === 'allowlist' ? [{ ...one, state: target }] : [];
  });
  return { ...gate, state: isWider(rule, target) ? target : rule.state, ...(kept.length === 0 ? {} : { overrides: kept }) };
}
