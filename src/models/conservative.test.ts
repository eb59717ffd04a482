import { describe, expect, it } from 'vitest';
import { conservativeRequest, strictestInput } from './conservative.ts';
import { renderRequest } from './upstream.fixture.ts';

const careful = (kind: string, request: Parameters<typeof renderRequest>[0] = {}) => conservativeRequest(kind, renderRequest(request));

describe('a conservative request', () => {
  it('is for one picture of 1024 pixels at most, whatever the model', () => {
    const { request, notes } = careful('unheard-of', { n: 4, parameters: { size: '2048x1024' } });
    expect(request).toMatchObject({ n: 1, parameters: { size: '1024x1024' }, conservative: true });
    expect(notes).toEqual([
      { name: 'conservative', what: 'clamped', to: 'on' },
      { name: 'n', what: 'clamped', to: '1' },
      { name: 'size', what: 'clamped', to: '1024x1024' },
    ]);
    expect(careful('demo', { parameters: { size: '512x768' } }).request.parameters).toEqual({ size: '512x768' });
  });

  it('says what must not be in the picture, beside what the caller says, and shows that to nobody', () => {
    const { request, notes } = careful('stability', { parameters: { negative_prompt: 'cats' } });
    expect(request.parameters['negative_prompt']).toMatch(/^nudity, .*, cats$/);
    expect(JSON.stringify(notes)).not.toMatch(/cats|nudity/);
  });

  it('paints over half of an edited picture at most, also when the caller did not say how much', () => {
    const strengthOf = (parameters: Record<string, number>) =>
      careful('automatic1111', { operation: 'edit', parameters }).request.parameters['denoising_strength'];
    expect([strengthOf({}), strengthOf({ denoising_strength: 0.9 }), strengthOf({ denoising_strength: 0.2 })]).toEqual([0.5, 0.5, 0.2]);
    expect(careful('automatic1111').request.parameters).not.toHaveProperty('denoising_strength');
  });

  it('takes back what a caller loosened, and adds nothing that a model may not know', () => {
    expect(careful('openai', { parameters: { moderation: 'low', input_fidelity: 'high' } }).request.parameters).toEqual({
      moderation: 'auto',
      input_fidelity: 'low',
    });
    expect(careful('openai').request.parameters).toEqual({});
  });

  it('switches on every check that an operator named, in the type in which they wrote it', () => {
    expect(strictestInput({ disable_safety_checker: true, safety_tolerance: '5', steps: 4 })).toEqual({
      disable_safety_checker: false,
      safety_tolerance: '1',
      steps: 4,
    });
    expect(strictestInput({ safety_tolerance: 0 })).toEqual({ safety_tolerance: 0 });
  });

  it('limits what an operator fixed as it limits what callers say: it would win otherwise', () => {
    expect(strictestInput({ prompt_strength: 0.95, width: '2048', num_outputs: 4, negative_prompt: 'text', strength: 0.2 })).toEqual({
      prompt_strength: 0.5,
      width: '1024',
      num_outputs: 1,
      negative_prompt: expect.stringMatching(/^nudity, .*, text$/),
      strength: 0.2,
    });
  });
});
