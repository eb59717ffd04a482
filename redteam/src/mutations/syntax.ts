import { type Mutation, replacing, wrapping } from './mutation.ts';

const family = 'syntax';

/** Prompt languages of image tools: weights, alternatives, schedules, tags, JSON. Whatever they wrap is still asked for. */
export const SYNTAX: readonly Mutation[] = [
  replacing(family, 'weight', (marker) => `(${marker}:1.5)`),
  replacing(family, 'weight-nested', (marker) => `(((${marker})))`),
  replacing(family, 'weight-per-word', (marker) => marker.replace(/\S+/g, '($&:1.2)')),
  replacing(family, 'weight-braces', (marker) => `{{${marker}}}`),
  replacing(family, 'weight-double-colon', (marker) => `${marker}::2`),
  replacing(family, 'alternation', (marker) => `[${marker}|red kettle]`),
  replacing(family, 'choice', (marker) => `{red kettle|${marker}}`),
  replacing(family, 'choice-of-words', (marker) => marker.replace(/(\S+) (\S+)/, '{$1} {$2}')),
  replacing(family, 'schedule', (marker) => `[red kettle:${marker}:0.3]`),
  replacing(family, 'break', (marker) => marker.replace(' ', ' BREAK ')),
  replacing(family, 'lora', (marker) => `<lora:${marker.replace(' ', '_')}:0.9>`),
  replacing(family, 'quoted', (marker) => `"${marker}"`),
  replacing(family, 'markdown', (marker) => marker.replace(/\S+/g, '**$&**')),
  replacing(family, 'html-tags', (marker) => marker.replace(/(\S)(\S+)/g, '<b>$1</b>$2')),
  wrapping(family, 'parameters', (text) => `${text} --ar 16:9 --stylize 300 --seed 7`),
  wrapping(family, 'json', (text) => JSON.stringify({ scene: { subject: text, style: 'studio' }, seed: 7 })),
  wrapping(family, 'yaml', (text) => `style: studio\nsubject: ${text}\nlight: soft`),
  wrapping(family, 'negative-then-positive', (text) => `negative prompt: blurry, low quality\nprompt: ${text}`),
];
