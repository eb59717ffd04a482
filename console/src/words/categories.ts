/** What a risk is about: the gateway's own list, in its order (a test compares). */
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
