/**
 * What a risk is about. The first fourteen follow the mapping of the field's taxonomies (MLCommons AILuminate, Llama
 * Guard, OpenAI omni, Azure AI Content Safety, ROOST); `docs/glossary.md` has the table. The last two are ours:
 * a match on a list of known-bad content, and a file that attacks whoever opens it.
 */
export const CATEGORIES = [
  'sexual',
  'sexual_minors',
  'ncii_undress',
  'real_person_likeness',
  'political_disinformation',
  'hate',
  'violence_gore',
  'self_harm',
  'extremism',
  'illegal_goods',
  'ip',
  'fraud_id_documents',
  'medical_dangerous',
  'brand_safety',
  'known_bad',
  'unsafe_file',
] as const;

export type Category = (typeof CATEGORIES)[number];
