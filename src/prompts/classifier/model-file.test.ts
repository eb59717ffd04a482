import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeModel, ModelFileRejected } from './model-file.ts';
import { createPromptClassifier } from './prompt-classifier.ts';
import { fileOf } from './train/fit-model.ts';
import { trainModel } from './train/train-model.ts';
import { captions, WALRUS_LISTS, walrusModel } from './walrus-model.fixture.ts';

const file = fileOf(walrusModel());

/** The file with another header; the body stays. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Buffer {
  const length = file.readUInt32LE(8);
  const header: Record<string, unknown> = JSON.parse(file.toString('utf8', 12, 12 + length));
  const json = Buffer.from(JSON.stringify(change(header)));
  const prefix = Buffer.from(file.subarray(0, 12));
  prefix.writeUInt32LE(json.length, 8);
  return Buffer.concat([prefix, json, file.subarray(12 + length)]);
}

describe('a model file', () => {
  it('scores the same after it was written and read', () => {
    const words = ['a', 'walrus', 'in', 'a', 'boat'];
    expect(createPromptClassifier(decodeModel(file)).score(words)).toEqual(createPromptClassifier(walrusModel()).score(words));
  });

  it('is the same, byte by byte, for the same rows and seed', () => {
    const train = () =>
      fileOf(trainModel({ rows: captions(200), lists: WALRUS_LISTS, seed: 3, version: 'x', bucketBits: 10, epochs: 1, synthetic: 100 }));
    expect(train().equals(train())).toBe(true);
  });

  it('says what weights were made of, and who asks to be named', () => {
    const { provenance } = decodeModel(file).header;
    expect(provenance.rows).toEqual({ 'coco-captions': 600 });
    expect(provenance.attribution.join()).toContain('COCO');
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['another kind of file', Buffer.from('{"weights": []}'.repeat(10))],
    ['cut off', file.subarray(0, file.length - 9)],
    ['longer than it says', Buffer.concat([file, Buffer.alloc(4)])],
    ['with a header of four gigabytes', Buffer.concat([file.subarray(0, 8), Buffer.from([255, 255, 255, 255]), file.subarray(12)])],
    ['with an unknown field', withHeader((header) => ({ ...header, extra: 1 }))],
    ['with too few weights for its heads', withHeader((header) => ({ ...header, bucketBits: 13 }))],
    [
      'with sections that overlap',
      withHeader((header) => ({ ...header, sections: { weights: 1e8, classWeights: 0, terms: 0, known: 0, repairable: 0 } })),
    ],
    ['without heads', withHeader((header) => ({ ...header, heads: [] }))],
    ['that is a list', withHeader(() => [])],
  ])('is refused when it is %s', (_, bytes) => expect(() => decodeModel(bytes)).toThrow(ModelFileRejected));

  it('is refused for any flipped bit of the body', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 20_000), (offset) => {
        const damaged = Buffer.from(file);
        const at = file.length - 1 - offset;
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        expect(() => decodeModel(damaged)).toThrow(ModelFileRejected);
      }),
      { numRuns: 30 },
    );
  });
});
