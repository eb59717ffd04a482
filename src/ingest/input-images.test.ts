import { describe, expect, it } from 'vitest';
import { editBody, fromForm, generationBody } from './image-request-schema.ts';
import { fromDataUrls } from './input-images.ts';

const dataUrl = (bytes: number) => ({ image_url: `data:image/png;base64,${Buffer.alloc(bytes, 1).toString('base64')}` });

describe('a picture in a JSON request', () => {
  it('is what its data URL holds, the mask last', () => {
    expect(fromDataUrls([dataUrl(3), dataUrl(4)], dataUrl(5), 10).map(({ role, bytes }) => [role, bytes.length])).toEqual([
      ['image', 3],
      ['image', 4],
      ['mask', 5],
    ]);
    expect(fromDataUrls([dataUrl(3)], null, 10)).toHaveLength(1);
  });

  it.each([
    [
      'an address on the network, which could show the model another picture than the one that was checked',
      'https://pictures.example/a.png',
    ],
    ['a file of this machine', 'file:///etc/hostname'],
    ['a data URL of another kind', 'data:text/html;base64,AAAA'],
    ['a data URL without base64', 'data:image/png,AAAA'],
    ['letters that are no base64', 'data:image/png;base64,AA*A'],
    ['too much padding', 'data:image/png;base64,A==='],
    ['nothing', undefined],
  ])('is refused when it is %s', (_, image_url) => {
    expect(() => fromDataUrls([dataUrl(1), { image_url }], null, 100)).toThrowError(
      expect.objectContaining({ code: 'REQUEST_INVALID', param: 'images[1]' }),
    );
  });

  it('is refused when it is a file of an account that is not ours', () => {
    expect(() => fromDataUrls([{ file_id: 'file-1' }], null, 100)).toThrowError(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });

  it('may be as large as the limit and no larger', () => {
    expect(fromDataUrls([dataUrl(300)], null, 300)[0]?.bytes).toHaveLength(300);
    expect(() => fromDataUrls([dataUrl(303)], null, 300)).toThrowError(
      expect.objectContaining({ code: 'REQUEST_TOO_LARGE', param: 'images[0]' }),
    );
    expect(() => fromDataUrls([dataUrl(1)], dataUrl(303), 300)).toThrowError(expect.objectContaining({ param: 'mask' }));
  });
});

describe('the fields of a request', () => {
  const problems = (body: Record<string, unknown>, schema: typeof generationBody | typeof editBody = generationBody) =>
    schema.safeParse({ prompt: 'a teapot', ...body }).error?.issues.map(({ path }) => path.join('.')) ?? [];

  it.each([
    [{ n: 0 }, 'n'],
    [{ n: 11 }, 'n'],
    [{ n: 1.5 }, 'n'],
    [{ size: '63x64' }, 'size'],
    [{ size: '4097x4096' }, 'size'],
    [{ size: '1024x341' }, 'size'],
    [{ size: 'huge' }, 'size'],
    [{ partial_images: 4 }, 'partial_images'],
    [{ prompt: '' }, 'prompt'],
    [{ output_format: 'bmp' }, 'output_format'],
    [{ output_compression: 101 }, 'output_compression'],
  ])('%j is refused, and named', (body, field) => {
    expect(problems(body)).toEqual([field]);
  });

  it.each([
    { n: 1 },
    { n: 10 },
    { size: '64x64' },
    { size: '4096x4096' },
    { size: '1023x341' },
    { size: 'auto' },
    { partial_images: 3 },
    { n: null },
    { brand_new: { a: 1 } },
  ])('%j is taken', (body) => {
    expect(problems(body)).toEqual([]);
  });

  it('of an edit hold one to sixteen pictures', () => {
    expect(problems({ images: [] }, editBody)).toEqual(['images']);
    expect(problems({ images: Array.from({ length: 17 }, () => dataUrl(1)) }, editBody)).toEqual(['images']);
    expect(problems({ images: Array.from({ length: 16 }, () => dataUrl(1)) }, editBody)).toEqual([]);
  });

  it('of a form become the numbers and answers that they stand for, and a prompt stays text', () => {
    expect(fromForm({ n: '2', seed: '-1.5', stream: 'true', prompt: '12', output_compression: 'x', partial_images: '0x2' })).toEqual({
      n: 2,
      seed: -1.5,
      stream: true,
      prompt: '12',
      output_compression: 'x',
      partial_images: '0x2',
    });
  });
});
