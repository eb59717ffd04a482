import { describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { input, renderRequest } from '../upstream.fixture.ts';
import { readOrder } from './read-order.ts';

const notes = (more: Partial<RenderRequest>) => readOrder(renderRequest(more)).notes;
const picture = input(new Uint8Array([1]));
const mask = input(new Uint8Array([1]), 'mask', 1);
const unsupported = (...names: string[]) => names.map((name) => ({ name, what: 'unsupported' }));

describe('the demo model, on what it cannot honor', () => {
  it('says nothing about what it honors', () => {
    const parameters = { size: '1536x1024', quality: 'high', background: 'transparent', output_compression: 40, seed: -3 };
    expect(notes({ outputFormat: 'webp', parameters, n: 4, stream: true, partialImages: 2 })).toEqual([]);
    expect(notes({ parameters: { size: 'auto', quality: 'auto', background: 'auto', style: null } })).toEqual([]);
    expect(notes({ operation: 'edit', inputs: [picture, mask], stream: true, partialImages: 1 })).toEqual([]);
    expect(notes({ outputFormat: 'gif', parameters: { frame_count: 4, frame_duration_ms: 100 } })).toEqual([]);
  });

  it.each(['32x32', '4097x4096', '4096x1024', '1024', 'x', 7, '1024x1024x3'])('names the size %s, which it does not paint', (size) => {
    expect(notes({ parameters: { size } })).toEqual(unsupported('size'));
    expect(readOrder(renderRequest({ parameters: { size } })).order.size).toBeNull();
  });

  it('names parameters that it does not know, and values that mean nothing to it', () => {
    const parameters = { style: 'vivid', moderation: 'low', quality: 'ultra', seed: 1.5, input_fidelity: 'high', negative_prompt: 'x' };
    expect(notes({ parameters })).toEqual(unsupported(...Object.keys(parameters)));
  });

  it('names an end user, whom it tells nobody', () => {
    expect(notes({ parameters: { user: 'someone' } })).toEqual(unsupported('user'));
  });

  it('names what a format cannot have', () => {
    expect(notes({ parameters: { output_compression: 50, frame_count: 4 } })).toEqual(unsupported('output_compression', 'frame_count'));
    expect(notes({ outputFormat: 'jpeg', parameters: { background: 'transparent' } })).toEqual([
      { name: 'background', what: 'clamped', to: 'opaque' },
    ]);
    expect(notes({ outputFormat: 'gif', parameters: { frame_count: 500 } })).toEqual([{ name: 'frame_count', what: 'clamped', to: '12' }]);
  });

  it.each(['edit', 'variation'] as const)('gives pixels where a %s asks for shapes or motion', (operation) => {
    const { order, notes: said } = readOrder(renderRequest({ operation, prompt: '', inputs: [picture], outputFormat: 'svg' }));
    expect([order.format, said]).toEqual(['png', [{ name: 'output_format', what: 'clamped', to: 'png' }]]);
  });

  it('names what an operation cannot have', () => {
    expect(notes({ partialImages: 2 })).toEqual(unsupported('partial_images'));
    expect(notes({ inputs: [picture, mask] })).toEqual(unsupported('image', 'mask'));
    const variation = { operation: 'variation', inputs: [picture, picture], stream: true, partialImages: 1 } as const;
    expect(notes(variation)).toEqual(unsupported('stream', 'partial_images', 'prompt', 'image'));
    const parameters = { quality: 'high', background: 'transparent' };
    expect(notes({ operation: 'variation', prompt: '', inputs: [picture], parameters })).toEqual(unsupported('quality', 'background'));
  });
});
