import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Operation } from '../contracts/submission.ts';
import { type Incoming, ingest } from './ingest.ts';

const modelNames = {
  configured: ['studio', 'second'],
  aliases: { sketch: 'second', broken: 'gone' },
  operations: { studio: ['generate', 'edit'] as Operation[], second: ['generate'] as Operation[] },
};

function read(fields: Record<string, unknown>, more: Partial<Incoming> = {}, names: typeof modelNames = modelNames) {
  const incoming: Incoming = {
    requestId: 'req_1',
    caller: { keyId: 'key_one', application: 'default', surface: 'api' },
    operation: 'generate',
    fields: { prompt: 'a teapot', ...fields },
    uploads: [],
    retryCount: 0,
    ...more,
  };
  return ingest(incoming, { modelNames: names, maxPromptChars: 2_000 });
}

const image = (...bytes: number[]) => ({ role: 'image' as const, bytes: new Uint8Array(bytes) });

describe('the model of a request', () => {
  it.each([
    ['its own name', 'second', 'second'],
    ['no name', undefined, 'studio'],
    ['an empty name', '', 'studio'],
    ['an alias', 'sketch', 'second'],
    ['a name of OpenAI’s', 'gpt-image-1', 'studio'],
    ['a retired name of OpenAI’s', 'dall-e-2', 'studio'],
  ])('is found by %s', (_, model, found) => {
    expect(read(model === undefined ? {} : { model }).request.model).toBe(found);
  });

  it.each(['nobody', 'gpt-4o', 'constructor', '__proto__', 'toString', 'broken'])(
    'is not found by "%s", and the caller learns which there are',
    (model) => {
      expect(() => read({ model })).toThrowError(
        expect.objectContaining({ code: 'MODEL_UNKNOWN', publicMessage: expect.stringContaining('studio, second') }),
      );
    },
  );

  it('is the catch-all’s for every other name, where the operator wants that', () => {
    const names = { ...modelNames, aliases: { ...modelNames.aliases, '*': 'second' } };
    expect(read({ model: 'nobody' }, {}, names).request.model).toBe('second');
    expect(read({ model: 'gpt-image-1' }, {}, names).request.model).toBe('studio');
  });

  it('must be able to do what is asked', () => {
    expect(read({}, { operation: 'edit' }).request.operation).toBe('edit');
    expect(() => read({ model: 'second' }, { operation: 'edit' })).toThrowError(expect.objectContaining({ code: 'OPERATION_UNSUPPORTED' }));
  });
});

describe('what a request says', () => {
  it('is repeated with the defaults of OpenAI where it is silent', () => {
    expect(read({}).request).toMatchObject({
      n: 1,
      stream: false,
      partialImages: 0,
      responseFormat: 'b64_json',
      outputFormat: 'png',
      parameters: {},
    });
    expect(read({ model: 'dall-e-3' }).request.responseFormat).toBe('url');
    expect(read({ model: 'dall-e-3', response_format: 'b64_json' }).request.responseFormat).toBe('b64_json');
    expect(read({ n: null, size: null, stream: null }).request).toMatchObject({ n: 1, stream: false, parameters: {} });
  });

  it('goes on to the model when it is not ours to act on, unknown fields too', () => {
    const { parameters } = read({
      n: 2,
      size: '1024x1024',
      seed: 5,
      input: { steps: [1, null] },
      images: [],
      mask: {},
      stream: true,
    }).request;
    expect(parameters).toEqual({ size: '1024x1024', seed: 5, input: { steps: [1, null] } });
  });

  it('may be as long as the limit and no longer', () => {
    expect(read({ prompt: 'x'.repeat(2_000) }).request.prompt).toHaveLength(2_000);
    expect(() => read({ prompt: 'x'.repeat(2_001) })).toThrowError(expect.objectContaining({ code: 'REQUEST_INVALID', param: 'prompt' }));
  });

  it('never shows up in the error about its length', () => {
    try {
      read({ prompt: `teapot${'x'.repeat(2_000)}` });
    } catch (error) {
      expect(String(error) + JSON.stringify(error)).not.toContain('teapot');
    }
    expect.assertions(1);
  });

  it('numbers pictures and masks in the order in which they came, each with its digest', () => {
    const { inputs } = read({}, { operation: 'edit', uploads: [image(1), { role: 'mask', bytes: new Uint8Array([2]) }] }).request;
    expect(inputs.map(({ index, role }) => [index, role])).toEqual([
      [0, 'image'],
      [1, 'mask'],
    ]);
    expect(inputs[0]?.sha256).toBe('4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a');
  });

  it('is a retry when the SDK says so', () => {
    expect([read({}).isRetry, read({}, { retryCount: 1 }).isRetry]).toEqual([false, true]);
  });
});

describe('the digest of a request', () => {
  const fieldsOf = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });

  /** The digest, or the code of the refusal: which of several bad fields is named first is no matter. */
  const outcome = (fields: Parameters<typeof read>[0]) => {
    try {
      return read(fields).bodyDigest;
    } catch (error) {
      return error instanceof ImprimaturError ? error.code : String(error);
    }
  };

  it('does not depend on the order of its fields', () => {
    fc.assert(
      fc.property(fieldsOf, (fields) => {
        const turned = Object.fromEntries(Object.entries(fields).reverse());
        expect(outcome(turned)).toBe(outcome(fields));
      }),
      { examples: [[{ a: ['//', 'A'], b: 1 }]] },
    );
  });

  it('changes with every field, with the operation, and with every picture and what it is for', () => {
    const digests = [
      read({}),
      read({ prompt: 'a pot' }),
      read({ n: 2 }),
      read({ seed: 1 }),
      read({ seed: '1' }),
      read({}, { operation: 'edit' }),
      read({}, { operation: 'edit', uploads: [image(1)] }),
      read({}, { operation: 'edit', uploads: [image(2)] }),
      read({}, { operation: 'edit', uploads: [image(1), image(2)] }),
      read({}, { operation: 'edit', uploads: [image(2), image(1)] }),
      read({}, { operation: 'edit', uploads: [{ ...image(1), role: 'mask' }] }),
    ].map(({ bodyDigest }) => bodyDigest);
    expect(new Set(digests).size).toBe(digests.length);
  });
});
