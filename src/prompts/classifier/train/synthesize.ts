import { HEADS, type Labels, labels } from './heads.ts';
import type { Random } from './random.ts';
import type { TermFile } from './term-lists.ts';

/** A made-up text and what it is an example of. */
export interface Synthetic {
  readonly text: string;
  readonly labels: Labels;
}

const STYLES = [
  'highly detailed, digital art',
  'photorealistic, 8k',
  'oil on canvas',
  'trending on artstation',
  'cinematic lighting',
  'black and white photo',
  'in the style of anime',
  'concept art',
  'studio lighting, 35mm',
  'watercolor',
];
const SHARE_OF_TWINS = 0.15;
const SHARE_OF_HARMLESS = 0.21;
const SHARE_OF_TERMS = 0.34;

/**
 * Makes one text out of a harmless caption: with a term of a list in it, with a template, or with a harmless phrase that
 * looks risky. Sets of real risky prompts that may be used are few, so this is how the model learns most words.
 */
export function synthesize(caption: string, lists: TermFile, random: Random): Synthetic {
  const kind = random.next();
  if (kind < SHARE_OF_TWINS) return fromTemplate(caption, fitting(lists, undefined), lists, random);
  if (kind < SHARE_OF_TWINS + SHARE_OF_HARMLESS)
    return { text: join(caption, harmlessPhrase(lists, random), random), labels: labels({}, 0) };
  if (kind < SHARE_OF_TWINS + SHARE_OF_HARMLESS + SHARE_OF_TERMS) return fromTerm(caption, lists, random);
  const heads = HEADS.map(({ name }) => name);
  return fromTemplate(caption, fitting(lists, random.pick(heads, 'sexual')), lists, random);
}

/** The templates for a head, or those that are harmless twins of them; all where there are none. */
function fitting({ templates }: TermFile, head: string | undefined): TermFile['templates'] {
  const found = templates.filter(({ heads }) => (head === undefined ? heads.length === 0 : heads.includes(head)));
  return found.length > 0 ? found : templates;
}

function fromTemplate(caption: string, templates: TermFile['templates'], lists: TermFile, random: Random): Synthetic {
  const { heads, texts } = random.pick(templates, { heads: [], texts: [] });
  const text = join(caption, fill(random.pick(texts, ''), lists, random), random);
  return { text, labels: heads.length === 0 ? labels({}, 0) : positive(heads) };
}

/** Places and persons of the templates are harmless by themselves; only this tells the model so. */
function harmlessPhrase(lists: TermFile, random: Random): string {
  return random.next() < 0.6 ? random.pick(lists.harmless, '') : fill('{who} {place}', lists, random);
}

function fromTerm(caption: string, { classes }: TermFile, random: Random): Synthetic {
  const strong = Object.values(classes).filter(({ heads }) => heads.length > 0);
  const chosen = random.pick(strong, { heads: [], terms: [] });
  const term = random.pick(chosen.terms, '');
  const words = caption.split(' ');
  if (random.next() < 0.5) words.splice(random.below(words.length + 1), 0, term);
  else words.splice(0, words.length, join(caption, term, random));
  return { text: words.join(' '), labels: positive(chosen.heads) };
}

/** What a made-up text may be beside its heads, nobody knows. */
function positive(heads: readonly string[]): Labels {
  return labels(Object.fromEntries(heads.map((head) => [head, 1])), -1);
}

function fill(template: string, { slots }: TermFile, random: Random): string {
  return template.replace(/\{([a-z]+)\}/g, (_, slot: string) => random.pick(slots[slot] ?? [], ''));
}

/** Before, behind, alone, or alone with a style. */
function join(caption: string, phrase: string, random: Random): string {
  const style = random.next() < 0.3 ? `, ${random.pick(STYLES, '')}` : '';
  const place = random.next();
  if (place < 0.3) return `${phrase}${style}`;
  return place < 0.65 ? `${phrase}, ${caption}${style}` : `${caption}, ${phrase}${style}`;
}
