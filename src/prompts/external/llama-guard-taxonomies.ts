import type { LabelMap } from './label-map.ts';

/**
 * Hazard codes of the models, from their cards. Every code a model can say is here: one that we have no category for
 * counts as the nearest, since "unsafe" must never become nothing. Sex crimes (S3) stand with abuse of a person's picture.
 */
const MLCOMMONS: LabelMap = {
  S1: ['violence_gore', 'extremism'],
  S2: ['illegal_goods', 'fraud_id_documents'],
  S3: ['ncii_undress'],
  S4: ['sexual_minors'],
  S5: ['real_person_likeness'],
  S6: ['medical_dangerous'],
  S7: ['real_person_likeness'],
  S8: ['ip'],
  S9: ['medical_dangerous'],
  S10: ['hate'],
  S11: ['self_harm'],
  S12: ['sexual'],
  S13: ['political_disinformation'],
  S14: ['illegal_goods'],
};

export const LLAMA_GUARD_TAXONOMIES = {
  /** Llama Guard 3 and 4. */
  'llama-guard-3': MLCOMMONS,
  /** Without defamation, elections and code, so the numbers shift. */
  'llama-guard-2': {
    S1: ['violence_gore', 'extremism'],
    S2: ['illegal_goods', 'fraud_id_documents'],
    S3: ['ncii_undress'],
    S4: ['sexual_minors'],
    S5: ['medical_dangerous'],
    S6: ['real_person_likeness'],
    S7: ['ip'],
    S8: ['medical_dangerous'],
    S9: ['hate'],
    S10: ['self_harm'],
    S11: ['sexual'],
  },
  'llama-guard-1': {
    O1: ['violence_gore', 'hate'],
    O2: ['sexual'],
    O3: ['illegal_goods', 'fraud_id_documents'],
    O4: ['extremism'],
    O5: ['illegal_goods'],
    O6: ['self_harm'],
  },
} as const satisfies Readonly<Record<string, LabelMap>>;

export type LlamaGuardTaxonomy = keyof typeof LLAMA_GUARD_TAXONOMIES;
