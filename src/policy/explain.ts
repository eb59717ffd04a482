import type { RuleHit } from '../contracts/decision.ts';
import type { Evaluation } from './evaluation.ts';
import { formatPolicyRef } from './policy-ref.ts';

interface Branch {
  readonly text: string;
  readonly children?: readonly Branch[];
}

/** Why a verdict is what it is, as a tree for a person: what fired and on which evidence, what nearly did, the floors. */
export function explain(evaluation: Evaluation): string {
  const { verdict, facts } = evaluation;
  const { credential, label } = verdict.obligations;
  const must = [credential ? 'a signed credential' : 'no credential', ...(label ? ['a visible label'] : [])].join(' and ');
  const root = `${verdict.action}  ${facts.stage} of ${facts.operation} on ${facts.surface}, by ${formatPolicyRef(verdict.policy)}`;
  const branches: Branch[] = [
    firedBranch(evaluation),
    ...group(
      'nearly fired',
      evaluation.nearly.map(({ rule, action, why }) => ({ text: `${rule} → ${action}: ${why}` })),
    ),
    ...group(
      'abstained',
      facts.abstentions.map(({ check, reason }) => ({ text: `${check}: ${reason}` })),
    ),
    ...group(
      'floors, which no policy may relax',
      evaluation.floors.map(({ category, from, peak }) => ({
        text: `${category} blocks from ${from.toFixed(2)}: ${peakText(peak, from)}`,
      })),
    ),
    { text: `whatever leaves carries ${must}` },
  ];
  return [root, ...draw(branches, '')].join('\n');
}

function firedBranch({ verdict, descriptions }: Evaluation): Branch {
  if (verdict.rules.length === 0) return { text: 'no rule fired' };
  return { text: 'fired', children: verdict.rules.map((hit) => hitBranch(hit, descriptions.get(hit.rule))) };
}

function hitBranch({ rule, action, floor, evidence }: RuleHit, description: string | undefined): Branch {
  const said = description === undefined ? '' : `: ${description}`;
  return {
    text: `${rule} → ${action}${floor ? ' (floor)' : ''}${said}`,
    children: evidence.map(({ check, reason, score }) => ({ text: `${check} says ${reason} (${score.toFixed(2)})` })),
  };
}

function peakText(peak: number | null, from: number): string {
  if (peak === null) return 'not named by any check';
  return peak >= from ? `${peak.toFixed(2)}, fired` : `${peak.toFixed(2)}, below`;
}

const group = (text: string, children: readonly Branch[]): Branch[] => (children.length === 0 ? [] : [{ text, children }]);

function draw(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ text, children = [] }, i) => {
    const isLast = i === branches.length - 1;
    return [`${indent}${isLast ? '└─' : '├─'} ${text}`, ...draw(children, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}
