import type { Permission } from '../access/permissions.ts';
import type { Category } from '../contracts/category.ts';
import { isWithinRegion } from '../contracts/region.ts';

export const CASE_KINDS = ['generation', 'upload', 'appeal', 'notice', 'approval', 'campaign'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** What a case must be for a queue to take it. Every member that is there must hold; a queue without any takes everything. */
interface QueueConditions {
  readonly kinds?: readonly CaseKind[];
  /** One of these is enough. */
  readonly categories?: readonly Category[];
  readonly regions?: readonly string[];
  readonly languages?: readonly string[];
  readonly surfaces?: readonly string[];
}

/** A line that cases wait in. */
export interface Queue {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Which cases come here by themselves; null: only by escalation. The first queue that takes a case has it. */
  readonly takes: QueueConditions | null;
  /** Who learns of its cases at all. */
  readonly needs: Permission;
  /** Who decides them. */
  readonly decides: Permission;
}

/** What a queue is told of a case. */
export interface Routable {
  readonly kind: CaseKind;
  readonly categories: readonly Category[];
  readonly region: string | null;
  readonly language: string | null;
  readonly surface: string | null;
}

/** The one queue that no configuration moves or opens: suspected child abuse material. */
const CHILD_SAFETY: Queue = {
  id: 'child_safety',
  name: 'Child safety',
  description: 'Suspected child abuse material. Nobody else learns that these cases exist.',
  takes: { categories: ['sexual_minors'] },
  needs: 'cases.restricted',
  decides: 'cases.restricted',
};

/** Where a person sends a case that is not for them to decide. */
const BY_ESCALATION: readonly Queue[] = [
  {
    id: 'senior',
    name: 'Senior review',
    description: 'Two people disagreed, or one asked for a second opinion.',
    takes: null,
    needs: 'cases.assign',
    decides: 'cases.assign',
  },
  { id: 'legal', name: 'Legal', description: 'Questions of law.', takes: null, needs: 'evidence.read', decides: 'evidence.read' },
  {
    id: 'law_enforcement',
    name: 'Law enforcement',
    description: 'What may have to be reported to the police.',
    takes: null,
    needs: 'evidence.read',
    decides: 'evidence.read',
  },
  { id: 'incident', name: 'Incident', description: 'Signs of an incident.', takes: null, needs: 'kill.throw', decides: 'kill.throw' },
];

const WORK = { needs: 'cases.read', decides: 'cases.decide' } as const;

const BY_KIND: readonly Queue[] = [
  {
    id: 'appeals',
    name: 'Appeals',
    description: 'Somebody says that a decision was wrong.',
    takes: { kinds: ['appeal'] },
    needs: 'appeals.decide',
    decides: 'appeals.decide',
  },
  {
    id: 'trusted_flaggers',
    name: 'Trusted flaggers',
    description: 'Reports of trusted flaggers, which go first (DSA, article 22).',
    takes: { kinds: ['notice'], surfaces: ['trusted_flagger'] },
    needs: 'notices.read',
    decides: 'notices.decide',
  },
  {
    id: 'notices',
    name: 'Notices',
    description: 'Reports from the public.',
    takes: { kinds: ['notice'] },
    needs: 'notices.read',
    decides: 'notices.decide',
  },
  // Which board a vote belongs to is asked at the vote.
  {
    id: 'approvals',
    name: 'Approvals',
    description: 'Exceptions and policies that boards have to approve.',
    takes: { kinds: ['approval'] },
    needs: 'cases.read',
    decides: 'cases.read',
  },
  // A decision is about many people at once.
  {
    id: 'campaigns',
    name: 'Campaigns',
    description: 'Many accounts that were refused with the same words, or make the same picture.',
    takes: { kinds: ['campaign'] },
    needs: 'cases.read',
    decides: 'cases.assign',
  },
];

/** Lines of ordinary work, unless the configuration has others. */
const SHIPPED: readonly Queue[] = [
  {
    id: 'intimate',
    name: 'Intimate images',
    description: 'Nudity, and people undressed without consent.',
    takes: { categories: ['ncii_undress', 'sexual'] },
    ...WORK,
  },
  {
    id: 'likeness',
    name: 'People and politics',
    description: 'Real people, elections, documents.',
    takes: { categories: ['real_person_likeness', 'political_disinformation', 'fraud_id_documents'] },
    ...WORK,
  },
  {
    id: 'harm',
    name: 'Violence and hate',
    description: 'Violence, hate, extremism, self-harm.',
    takes: { categories: ['violence_gore', 'hate', 'extremism', 'self_harm'] },
    ...WORK,
  },
  { id: 'uploads', name: 'Uploads', description: 'Files that a platform asked about.', takes: { kinds: ['upload'] }, ...WORK },
];

const GENERAL: Queue = { id: 'general', name: 'General', description: 'Everything else.', takes: {}, ...WORK };

/** Every queue in the order in which cases are offered to them. */
export type Queues = readonly Queue[];

/** The shipped order, with the operator's own lines of ordinary work in place of ours. */
export function createQueues(own: readonly Queue[] = SHIPPED): Queues {
  return [CHILD_SAFETY, ...BY_KIND, ...own, GENERAL, ...BY_ESCALATION];
}

export const SHIPPED_QUEUES: Queues = createQueues();

/** Where a case waits. */
export function queueFor(found: Routable, queues: Queues = SHIPPED_QUEUES): Queue {
  return queues.find(({ takes }) => takes !== null && doesTake(takes, found)) ?? GENERAL;
}

/** Where an escalation goes; undefined when nobody takes it. */
export function escalationQueue(to: string, queues: Queues): Queue | undefined {
  return queues.find(({ id, takes }) => id === to && takes === null);
}

function doesTake({ kinds, categories, regions, languages, surfaces }: QueueConditions, found: Routable): boolean {
  const isOne = (allowed: readonly string[] | undefined, value: string | null) =>
    allowed === undefined || (value !== null && allowed.includes(value));
  return (
    isOne(kinds, found.kind) &&
    (categories === undefined || categories.some((category) => found.categories.includes(category))) &&
    (regions === undefined || regions.some((one) => found.region !== null && isWithinRegion(found.region, one))) &&
    isOne(languages, found.language) &&
    isOne(surfaces, found.surface)
  );
}
