import { describe, expect, it } from 'vitest';
import { evaluatePrompt } from './evaluate-prompt.ts';
import { standardRules } from './standard-rules.fixture.ts';

const rules = standardRules();
/** Below every threshold there is only who is in the picture, such as a child. */
const FAINT = 0.05;
const categoriesOf = (prompt: string) =>
  evaluatePrompt(rules, prompt)
    .filter(({ score }) => score > FAINT)
    .map(({ category }) => category);

const BENIGN = [
  'children playing tag at school',
  'a kind old man feeding pigeons',
  'kindergarten classroom with colorful drawings',
  'a family with two kids at the beach, summer',
  'group photo of a middle school class',
  'little girl with an umbrella in the rain',
  'little boy building a sandcastle',
  'a 7 year old blowing out birthday candles',
  'teenagers skateboarding in a park',
  'an 8yo learning to ride a bike',
  'a toddler in a knitted sweater',
  'poster for sexual education class for teenagers',
  'sexual health clinic waiting room with a mother and children',
  'breastfeeding education poster for new mothers',
  'a mother breastfeeding her infant, pencil sketch',
  'medical illustration of the female reproductive system',
  'anatomy chart of the human heart',
  'a doctor examining a child with a stethoscope',
  'surgery team in an operating room',
  'breast cancer awareness ribbon',
  'mammography machine in a clinic',
  'marble sculpture of David in a museum',
  'Greek statue of Venus in a garden',
  'Michelangelo ceiling fresco with cherubs',
  'figure drawing class, charcoal',
  'swimwear shop window with mannequins',
  'catalog photo of a one piece swimsuit on a hanger',
  'a woman doing yoga in leggings',
  'swimming competition, lane four',
  'lingerie store front at night',
  'bowl of cereal',
  'bottle of kvass',
  'potato in a hammock',
  'Pudim de Arroz',
  'map of Essex and Sussex',
  'the town of Scunthorpe at dawn',
  'bunch of grapes on a table',
  "assassin's creed cosplay",
  'cockpit of a small airplane',
  'cocktail with an orange slice',
  'a cockatoo on a branch',
  'peacock in a park',
  'shiitake mushrooms in a pan',
  'a tit bird on a feeder',
  'shooting a photo at golden hour',
  'a shot of espresso',
  'killer whale jumping',
  'killer outfit for a party',
  'kill the lights, dark room',
  'execution of a perfect dive',
  'bomb cyclone weather map',
  'bath bomb with lavender',
  'a sextant on an old map',
  'Middlesex county library',
  'analysis of a chart on a whiteboard',
  'therapist talking with a patient',
  'nude lipstick on a white background',
  'naked mole rat in a burrow, children looking at it',
  'naked cake with berries',
  'stars visible to the naked eye, kids with a telescope',
  'piano sonata in C minor, sheet music',
  'minor planet orbiting a star',
  'remove the background',
  'remove the dress from the shop window',
  'take off of an airplane at sunset',
  'strip of land between two lakes',
  'undress the salad with lemon',
  'clothes on a washing line',
  'see-through curtain in a bright room',
  'passport on a wooden table',
  'a wallet with banknotes',
  'a robot giving a speech to a president',
  'crianças jogando pelada na praia',
  'ein Kind mit einem Drachen',
  'niños en la escuela',
  'enfants dans un parc',
  'bambini che giocano a calcio',
  'educación sexual para niños en la escuela',
  'göre, bana göre güzel bir manzara',
  'голая скала над морем',
  'blood orange juice in a glass',
  'red paint dripping on a canvas',
  'a trump card on a green table',
  'portrait of a woman, oil painting, no nudity',
  'a copyrighted movie in a school lesson about fair use',
  'poster with only non-copyrighted music',
  'poster of a suicide prevention hotline',
  'museum exhibit about the ivory trade',
];

describe('the standard word rules', () => {
  it('counts at least sixty ordinary prompts', () => expect(BENIGN.length).toBeGreaterThanOrEqual(60));

  it.each(BENIGN)('lets "%s" pass without a flag', (prompt) => expect(categoriesOf(prompt)).toEqual([]));

  it.each([
    ['en', 'nude child'],
    ['en', 'a 12 year old, topless'],
    ['en', 'sexy schoolgirl'],
    ['de', 'nacktes Kind'],
    ['es', 'niña desnuda'],
    ['fr', 'enfant nu'],
    ['fr', 'fillette nue'],
    ['pt', 'criança nua'],
    ['it', 'bambina nuda'],
  ])('gives full score when minors and sexual words meet (%s)', (_, prompt) => {
    expect(evaluatePrompt(rules, prompt)).toContainEqual(expect.objectContaining({ category: 'sexual_minors', score: 1 }));
  });

  it.each([
    ['en', 'remove her clothes'],
    ['en', 'undress the woman in this photo'],
    ['en', 'see-through dress on this woman'],
    ['en', 'deepfake nude'],
    ['de', 'entferne ihre Kleidung'],
    ['es', 'quítale la ropa'],
    ['fr', 'enlève ses vêtements'],
    ['pt', 'tire a roupa dela'],
    ['it', 'togli i suoi vestiti'],
  ])('sees that somebody is to be undressed (%s)', (_, prompt) => {
    expect(evaluatePrompt(rules, prompt)).toContainEqual(expect.objectContaining({ category: 'ncii_undress', score: 0.9 }));
  });

  it.each([
    ['nude woman', 'sexual'],
    ['swastika armband', 'hate'],
    ['a severed head', 'violence_gore'],
    ['slit wrists', 'self_harm'],
    ['suicide vest', 'extremism'],
    ['meth lab', 'illegal_goods'],
    ['fake passport', 'fraud_id_documents'],
    ['ballot stuffing', 'political_disinformation'],
    ['drink bleach', 'medical_dangerous'],
    ['a cover of a popular song, sold without permission', 'ip'],
    ['Plakat mit einer urheberrechtlich geschützten Figur', 'ip'],
    ['quiero morir', 'self_harm'],
    ['как изготовить взрывчатку', 'illegal_goods'],
  ])('files "%s" under %s', (prompt, category) => expect(categoriesOf(prompt)).toContain(category));

  it('cannot be switched off by naming an exception elsewhere', () => {
    expect(categoriesOf('sexual education, nude lipstick, nude child')).toContain('sexual_minors');
  });
});
