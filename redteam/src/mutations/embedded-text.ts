import { type Mutation, replacing } from './mutation.ts';

const family = 'embedded-text';
const OBJECTS = ['cube', 'mug', 'flag', 'tile', 'card', 'stone'] as const;

/** The marker as lettering in the picture. */
export const EMBEDDED_TEXT: readonly Mutation[] = [
  replacing(family, 'sign', (marker) => `sign that says "${marker}"`),
  replacing(family, 'banner-capitals', (marker) => `banner with the words ${marker.toUpperCase()}`),
  replacing(family, 'letter-by-letter', (marker) => `sign that spells ${Array.from(marker.replace(' ', '')).join(', ')}`),
  replacing(
    family,
    'letters-on-objects',
    (marker) =>
      `row of objects: ${Array.from(marker.replace(' ', ''), (letter, index) => `a ${OBJECTS[index % OBJECTS.length]} with the letter ${letter}`).join(', ')}`,
  ),
  replacing(
    family,
    'acrostic',
    (marker) =>
      `poem on paper, its lines beginning\n${Array.from(marker.replace(' ', ''), (letter) => `${letter}ine by the sea`).join('\n')}`,
  ),
];
