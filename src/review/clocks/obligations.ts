import type { Deadlines } from '../../policy/deadlines.ts';
import type { Obligation } from './obligation.ts';
import { STATUTORY } from './statutory.ts';

const OWN = { law: null, source: null, grade: 'own', isStatutory: false, zone: 'UTC', from: null, until: null } as const;

/** Every clock that this build knows, with the policy's own times. `docs/clocks.md` is generated from here. */
export function obligationsUnder({ review, held, reported }: Deadlines): readonly Obligation[] {
  return [
    ...STATUTORY.map((one): Obligation => ({ ...one, safeOutcome: outcomeOf(one, reported) })),
    {
      ...OWN,
      id: 'review-target',
      name: 'Review target',
      trigger: 'A generation or a file is held for a person.',
      duration: review,
      safeOutcome: 'keep',
      applies: { kinds: ['generation', 'upload'] },
    },
    {
      ...OWN,
      id: 'hold-ends',
      name: 'End of the hold',
      trigger: 'A generation or a file is held for a person.',
      duration: held.after,
      safeOutcome: held.outcome,
      applies: { kinds: ['generation', 'upload'] },
    },
    {
      ...OWN,
      id: 'notice-target',
      name: 'Answer to a notice',
      trigger: 'A notice arrives.',
      duration: 'PT24H',
      safeOutcome: 'keep',
      applies: { kinds: ['notice'] },
    },
    {
      ...OWN,
      id: 'trusted-flagger-target',
      name: 'Answer to a trusted flagger',
      trigger: 'A notice of a trusted flagger arrives (DSA article 22 asks for priority and gives no number).',
      duration: 'PT4H',
      safeOutcome: 'keep',
      applies: { kinds: ['notice'], bases: ['trusted_flagger'] },
    },
    {
      ...OWN,
      id: 'appeal-target',
      name: 'Answer to an appeal',
      trigger: 'An appeal arrives (DSA article 20: without undue delay, and never by automated means alone).',
      duration: 'P7D',
      safeOutcome: 'keep',
      applies: { kinds: ['appeal'] },
    },
    {
      ...OWN,
      id: 'approval-ends',
      name: 'End of the request for approval',
      trigger: 'Somebody asks for an approval.',
      duration: 'P7D',
      safeOutcome: 'reject',
      applies: { kinds: ['approval'] },
    },
  ];
}

/** An order is somebody's decision and is carried out or not; a report is what somebody says, and the policy says what it is worth when nobody has looked. */
function outcomeOf({ safeOutcome, applies }: Obligation, reported: Deadlines['reported']): Obligation['safeOutcome'] {
  if (safeOutcome === 'remove') return reported === 'keep' ? 'keep' : 'remove';
  const isRemoval = safeOutcome === 'hide' && applies.bases !== undefined;
  return isRemoval ? reported : safeOutcome;
}
