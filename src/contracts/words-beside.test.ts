import { describe, expect, it } from 'vitest';
import { wordsBeside } from './words-beside.ts';

describe('words beside the prompt', () => {
  it.each([
    ['prompt_2', 'a teapot'],
    ['style', 'teapot'],
    ['negative_prompt', 'clothes'],
    ['quality', 'high, and a teapot on the table'],
    ['regional_prompts', [{ box: [0, 0, 32, 32], prompt: 'teapot' }]],
    ['controlnet', { caption: 'teapot' }],
    ['layout', { teapot: 1 }],
    ['sampler', '茶'],
  ])('are in %s', (name, value) => {
    expect(wordsBeside({ parameters: { [name]: value, seed: 7 } })).toEqual({ [name]: value });
  });

  it.each([
    ['size', '1024x1024'],
    ['quality', 'high'],
    ['style', 'vivid'],
    ['aspect_ratio', '16:9'],
    ['user', 'somebody'],
    ['metadata', { note: 'teapot' }],
    ['seed', 7],
    ['box', [0, 0, 32, 32]],
    ['hd', true],
    ['empty', '  '],
  ])('are not in %s', (name, value) => {
    expect(wordsBeside({ parameters: { [name]: value } })).toEqual({});
  });
});
