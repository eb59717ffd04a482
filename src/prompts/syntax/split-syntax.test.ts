import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrompt } from '../reading/read-prompt.ts';
import { splitSyntax } from './split-syntax.ts';

const textOf = (prompt: string, role: string) =>
  readPrompt(prompt)
    .parts.filter((part) => part.role === role)
    .map(({ canonical }) => canonical.text)
    .join(' / ');

describe('taking a prompt apart', () => {
  it.each([
    ['weights', 'a (red:1.5) teapot, (blue)+ [cup:0.5] bowl::2', 'a red teapot blue cup bowl', ''],
    ['a word cut by weights', '(pur:1.2)(ple:0.9) teapot', 'purple teapot', ''],
    ['alternatives', '[blue|green] {2$$cup|bowl}', 'blue green cup bowl', ''],
    ['a word cut by a tag', 'pur<lora:x:1>ple teapot', 'purple teapot', ''],
    ['--no', 'a teapot --no spoon, fork --ar 16:9', 'a teapot', 'spoon fork'],
    ['parameters whose value is text', 'a teapot --style purple --age 12', 'a teapot purple age 12', ''],
    ['a number that is no weight', '(a teapot, age:12)', 'a teapot age 12', ''],
    [
      'a negative prompt in its own line',
      'a teapot\nNegative prompt: (spoon:1.2), fork\nSteps: 20, Sampler: Euler a',
      'a teapot',
      'spoon fork',
    ],
    ['a prompt behind a negative one', 'negative prompt: spoon. prompt: a teapot', 'prompt a teapot', 'spoon'],
    [
      'JSON',
      '{"prompt":"a purple\\nteapot","negative_prompt":"spoon","scene":{"avoid":["fork","knife"],"style":"oil"},"width":512}',
      'a purple teapot oil',
      'spoon fork knife',
    ],
    ['escapes in JSON', '{"prompt":"p\\u0075rple"}', 'purple', ''],
    ['a time and a ratio', 'at 12:30 in a ratio of 16:9', 'at 12 30 in a ratio of 16 9', ''],
  ])('knows %s', (_, prompt, positive, negative) => {
    expect(textOf(prompt, 'positive')).toBe(positive);
    expect(textOf(prompt, 'negative')).toBe(negative);
  });

  it('keeps the names of networks to be looked at', () => {
    expect(textOf('a teapot <lora:tea_house_v2:0.8>', 'technical')).toContain('tea house');
  });

  it('points at the words of the user behind every syntax', () => {
    const prompt = 'a (red:1.5) teapot <lora:x:1> on a table --no fork';
    const [positive] = readPrompt(prompt).parts;
    expect(positive?.canonical.words.map(({ span }) => prompt.slice(span.start, span.end))).toEqual([
      'a',
      'red',
      'teapot',
      'on',
      'a',
      'table',
    ]);
  });

  const piece = fc.constantFrom(
    'a teapot',
    '(',
    ':1.5)',
    '[a|b]',
    '{2$$',
    '}',
    ' --no ',
    ' --ar 16:9 ',
    'Negative prompt: ',
    'prompt:',
    '\nSteps: 20, x\n',
    '<lora:a:1>',
    '::-1',
    '{"prompt":"',
    '","negative":"',
    '"}',
    '\\n',
    '|',
    '🫖',
  );

  it('puts every character into exactly one segment, in order', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          let at = 0;
          for (const { start, end } of splitSyntax(text)) {
            expect(start).toBe(at);
            expect(end).toBeGreaterThanOrEqual(start);
            at = end;
          }
          expect(at).toBe(text.length);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each(['<lora:', '(a:1)', '--no a ', 'negative prompt: ', '{"a":"b"},', '[[[[', '[a|b]', '::1', '-—-', 'prompt '])(
    'stays linear on 512 KB of "%s"',
    (unit) => {
      const startedAt = performance.now();
      splitSyntax(unit.repeat(524_288 / unit.length));
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    },
  );
});
