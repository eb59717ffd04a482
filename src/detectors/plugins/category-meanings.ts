import type { Category } from '../../contracts/category.ts';

/** What a model is told that each category means in a picture. A change here changes the version of every vision judge. */
export const MEANINGS: Readonly<Record<Category, string>> = {
  sexual: 'nudity, sexual acts or poses, in photographs and drawings',
  sexual_minors: 'anybody who may be under eighteen shown in a sexual way, also drawn',
  ncii_undress: 'a real person whose clothing seems to have been removed or made transparent by editing',
  real_person_likeness: 'a recognizable real person',
  political_disinformation: 'a made-up scene with politicians, elections or public offices that could be taken for real',
  hate: 'symbols, gestures or scenes that demean people for their origin, religion, sex, orientation or disability',
  violence_gore: 'injuries, blood, corpses, torture, cruelty, fights with weapons',
  self_harm: 'suicide, self-injury or disordered eating, shown or encouraged',
  extremism: 'symbols, propaganda or acts of violent extremist groups',
  illegal_goods: 'drugs, or weapons offered for sale, and how to make them',
  ip: 'protected characters, logos or works of somebody else',
  fraud_id_documents: 'identity documents, money, bank cards, stamps or certificates that could deceive',
  medical_dangerous: 'medical advice or treatment that could hurt whoever follows it',
  brand_safety: 'profanity, gambling, alcohol, tobacco or shocking scenes next to which no brand wants to stand',
  known_bad: 'a picture that is known to be forbidden',
  unsafe_file: 'machine-readable codes that lead somewhere, such as QR codes',
};
