import type { Contribution, FusedRisk, Obligations, Reasoning, RuleHit } from '../contracts/decision.ts';
import type { SubjectRef } from '../contracts/finding.ts';
import type { Evaluation } from './evaluation.ts';
import { formatPolicyRef } from './policy-ref.ts';

interface Branch {
  readonly text: string;
  readonly children?: readonly Branch[];
}

/** A decision with what led to it: fresh from the policy, or as it was written down. */
export interface Account extends Partial<Reasoning> {
  readonly action: string;
  /** What was decided on, and by whom. */
  readonly about: string;
  readonly rules: readonly RuleHit[];
  /** What the policy says about the rules, in its own words. */
  readonly descriptions?: ReadonlyMap<string, string>;
  readonly abstentions: readonly { readonly check: string; readonly reason: string }[];
  readonly obligations: Pick<Obligations, 'credential' | 'label'> & Partial<Pick<Obligations, 'watermark'>>;
}

/** Why a verdict is what it is, as a tree for a person: what fired and on which evidence, what nearly did, the floors. */
export function explain({ verdict, facts, descriptions, ...reasoning }: Evaluation): string {
  return drawAccount({
    ...reasoning,
    action: verdict.action,
    about: `${facts.stage} of ${facts.operation} on ${facts.surface}, by ${formatPolicyRef(verdict.policy)}`,
    rules: verdict.rules,
    descriptions,
    abstentions: facts.abstentions,
    obligations: verdict.obligations,
  });
}

/** The same of any decision. */
export function drawAccount(account: Account): string {
  const { action, about, nearly = [], abstentions, risks = [], obligations } = account;
  const branches: Branch[] = [
    firedBranch(account),
    ...group('risks from everything that was found', riskBranches(risks)),
    ...group(
      'nearly fired',
      nearly.map((miss) => ({ text: `${miss.rule} → ${miss.action}: ${miss.why}` })),
    ),
    ...group(
      'abstained',
      abstentions.map(({ check, reason }) => ({ text: `${check}: ${reason}` })),
    ),
    ...group('floors, which no policy may relax', floorBranches(account)),
    { text: `whatever leaves carries ${marksOf(obligations)}` },
  ];
  return [`${action}  ${about}`, ...draw(branches, '')].join('\n');
}

/** Decisions that were written down before there was an invisible mark say nothing of it. */
function marksOf({ credential, label, watermark }: Account['obligations']): string {
  const wish = { required: ['an invisible watermark'], preferred: ['an invisible watermark where the picture can bear one'], off: [] };
  const marks = [
    credential ? 'a signed credential' : 'no credential',
    ...(watermark === undefined ? [] : wish[watermark]),
    ...(label ? ['a visible label'] : []),
  ];
  return marks.length < 3 ? marks.join(' and ') : `${marks.slice(0, -1).join(', ')} and ${marks.at(-1)}`;
}

function firedBranch({ rules, descriptions }: Account): Branch {
  if (rules.length === 0) return { text: 'no rule fired' };
  return { text: 'fired', children: rules.map((hit) => hitBranch(hit, descriptions?.get(hit.rule))) };
}

function hitBranch({ rule, action, floor, evidence }: RuleHit, description: string | undefined): Branch {
  const said = description === undefined ? '' : `: ${description}`;
  return {
    text: `${rule} → ${action}${floor ? ' (floor)' : ''}${said}`,
    children: evidence.map(({ check, reason, score, subject }) => ({
      text: `${check} says ${reason} (${score.toFixed(2)})${of(subject)}`,
    })),
  };
}

const BAR = 20;
/** Below this a bar shows nothing. */
const FAINTEST_DRAWN = 0.1;

function riskBranches(risks: readonly FusedRisk[]): Branch[] {
  const faint = risks.filter(({ risk }) => risk < FAINTEST_DRAWN).map(({ category, risk }) => `${category} ${risk.toFixed(2)}`);
  const drawn = risks.filter(({ risk }) => risk >= FAINTEST_DRAWN).map(riskBranch);
  return faint.length === 0 ? drawn : [...drawn, { text: `faint: ${faint.join(', ')}` }];
}

/** A bar of twenty places; each contribution has its part of it below. */
function riskBranch({ category, risk, contributions }: FusedRisk): Branch {
  let from = 0;
  const children = contributions.map((one) => {
    const text = contributionText(one, from);
    from += one.added;
    return { text };
  });
  return { text: `${bar(0, risk)} ${risk.toFixed(2)} ${category}`, children };
}

function contributionText({ check, reason, score, added, subject, family, isEarlier }: Contribution, from: number): string {
  const share = added > 0 ? `+${added.toFixed(2)}` : ' same';
  return `${bar(from, added)} ${share} ${check} says ${reason} (${score.toFixed(2)})${of(subject)}, ${family}${isEarlier ? ', earlier' : ''}`;
}

function bar(from: number, length: number): string {
  const [start, end] = [Math.round(from * BAR), Math.round((from + length) * BAR)];
  return `${'·'.repeat(start)}${'█'.repeat(end - start)}${'·'.repeat(BAR - end)}`;
}

function of(subject: SubjectRef | undefined): string {
  if (subject === undefined || subject.kind === 'prompt') return '';
  return ` of ${subject.kind === 'artifact' ? 'picture' : 'input picture'} ${subject.index + 1}`;
}

function floorBranches({ floors = [], crossFloors = [] }: Account): Branch[] {
  return [
    ...floors.map(({ category, from, peak }) => ({ text: `${category} blocks from ${from.toFixed(2)}: ${peakText(peak, from)}` })),
    ...crossFloors.map(({ rule, sides }) => ({
      text: `${rule} blocks both together: ${sides.map(({ side, state }) => `${side} ${state === 'open' ? 'could not be told' : state}`).join(', ')}`,
    })),
  ];
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
