import type { Category } from '../../contracts/category.ts';
import type { Basis } from '../clocks/obligation.ts';
import type { ReasonsRecord } from '../statements/reasons-record.ts';

/** What somebody may report. */
export const NOTICE_KINDS = [
  'intimate_image',
  'child_abuse',
  'likeness',
  'impersonation',
  'hate_or_threat',
  'violence',
  'terrorism',
  'self_harm',
  'copyright',
  'other',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

interface KindFacts {
  /** What the case is about: its queue, who may see it and which laws' clocks start follow from it. */
  readonly categories: readonly Category[];
  /** Nobody has to say who they are (DSA, article 16(2)(c): offences against children). */
  readonly mayBeAnonymous: boolean;
  /** What the reporter has to be, where the law asks. */
  readonly needsRelation: boolean;
  /** What a removal rests on; null: the terms of the service. */
  readonly law: ReasonsRecord['law'];
  /** As a takedown names it. */
  readonly takedownReason: string;
}

const kind = (facts: Partial<KindFacts> & Pick<KindFacts, 'categories' | 'takedownReason'>): KindFacts => ({
  mayBeAnonymous: false,
  needsRelation: false,
  law: null,
  ...facts,
});

/** Laws and their clocks are data of `src/review/clocks`; here stands only what a kind of notice is. */
export const KINDS: Readonly<Record<NoticeKind, KindFacts>> = {
  intimate_image: kind({
    categories: ['ncii_undress'],
    needsRelation: true,
    law: 'intimate_imagery',
    takedownReason: 'notice-intimate-image',
  }),
  child_abuse: kind({
    categories: ['sexual_minors'],
    mayBeAnonymous: true,
    law: 'child_sexual_abuse',
    takedownReason: 'notice-child-abuse',
  }),
  likeness: kind({ categories: ['real_person_likeness'], takedownReason: 'notice-likeness' }),
  impersonation: kind({ categories: ['fraud_id_documents'], takedownReason: 'notice-impersonation' }),
  hate_or_threat: kind({ categories: ['hate'], takedownReason: 'notice-hate' }),
  violence: kind({ categories: ['violence_gore'], takedownReason: 'notice-violence' }),
  terrorism: kind({ categories: ['extremism'], law: 'terrorist_content', takedownReason: 'notice-terrorism' }),
  self_harm: kind({ categories: ['self_harm'], takedownReason: 'notice-self-harm' }),
  copyright: kind({ categories: ['ip'], takedownReason: 'notice-copyright' }),
  other: kind({ categories: [], takedownReason: 'notice-other' }),
};

/** Who reports, in the words of the laws: the person pictured, somebody who acts for them, whoever owns the rights. */
export const RELATIONS = ['subject', 'agent', 'rights_holder', 'other'] as const;

/** What the laws' clocks go by. A trusted flagger's report of intimate imagery still has the clock of that law. */
export function basisOf({ kind: about, region }: { readonly kind: NoticeKind; readonly region?: string }, isTrusted: boolean): Basis {
  if (about === 'intimate_image') return 'intimate_image_report';
  if (about === 'child_abuse') return 'child_abuse_report';
  if (region === 'IN') return 'grievance';
  if (isTrusted) return 'trusted_flagger';
  return about === 'copyright' ? 'copyright' : 'notice';
}
