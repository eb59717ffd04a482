import { expect, it } from 'vitest';
import { requireWordsBeside } from './beside.ts';

it.each(['data:image/png;base64,AAAA', ' https://pictures.example/a.png', '//pictures.example/a.png'])(
  'a picture in a parameter never reaches a model unseen: %s',
  (address) => {
    expect(() => requireWordsBeside({ control: { picture: [address] } }, 1_000)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    );
  },
);

it('texts beside the prompt are bounded together', () => {
  const texts = { prompt_2: 'a'.repeat(600), prompt_3: 'b'.repeat(401) };
  expect(() => requireWordsBeside(texts, 1_000)).toThrow('beside the prompt');
  expect(() => requireWordsBeside(texts, 1_001)).not.toThrow();
});
