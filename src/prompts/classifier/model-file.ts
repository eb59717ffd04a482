import { createHash } from 'node:crypto';
import { type HashTable, isSound } from './hash-table.ts';
import { type ModelHeader, modelHeaderSchema, type PromptModel } from './prompt-model.ts';
import { classFeatureCount } from './term-hits.ts';

const MAGIC = 'IMPRPM1\n';
const PREFIX_BYTES = MAGIC.length + 4;
const MAX_HEADER_BYTES = 262_144;
/** The bundled model stays below 4 MB; an operator's own may be larger. */
const MAX_FILE_BYTES = 33_554_432;

/** A model file that cannot be what it claims; the message says why and quotes nothing of it. */
export class ModelFileRejected extends Error {
  override readonly name = 'ModelFileRejected';
}

/** What a header is made of before the body's size and digest are known. */
export type ModelHeaderSource = Omit<ModelHeader, 'sections' | 'bodySha256' | 'format'>;

/** Writes a model: magic, length of the header (little-endian), JSON header, body. */
export function encodeModel(source: ModelHeaderSource, model: Omit<PromptModel, 'header'>): Buffer {
  const sections = {
    weights: bytesOf(model.weights),
    classWeights: bytesOf(model.classWeights),
    terms: Buffer.concat([bytesOf(model.terms.keys), bytesOf(model.terms.values)]),
    known: Buffer.concat([bytesOf(model.known.keys), bytesOf(model.known.values)]),
    repairable: Buffer.from(model.repairable.join('\n'), 'utf8'),
  };
  const body = Buffer.concat(Object.values(sections));
  const header: ModelHeader = {
    format: 'imprimatur/prompt-model/2',
    ...source,
    sections: {
      weights: sections.weights.length,
      classWeights: sections.classWeights.length,
      terms: sections.terms.length,
      known: sections.known.length,
      repairable: sections.repairable.length,
    },
    bodySha256: createHash('sha256').update(body).digest('hex'),
  };
  const json = Buffer.from(JSON.stringify(modelHeaderSchema.parse(header)), 'utf8');
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(json.length, MAGIC.length);
  return Buffer.concat([prefix, json, body]);
}

/**
 * Reads a model file; everything in it is checked before anything is used.
 * @throws ModelFileRejected when a part is missing, too large, damaged or inconsistent
 */
export function decodeModel(file: Uint8Array): PromptModel {
  const { header, body } = split(file);
  const { weights, classWeights, terms, known, repairable } = header.sections;
  if (weights + classWeights + terms + known + repairable !== body.length) throw new ModelFileRejected('the sections do not fill the body');
  if (createHash('sha256').update(body).digest('hex') !== header.bodySha256) throw new ModelFileRejected('the body is damaged');
  let at = 0;
  const take = (length: number) => {
    const section = body.subarray(at, at + length);
    at += length;
    return section;
  };
  const model: PromptModel = {
    header,
    weights: bytesIn(take(weights)),
    classWeights: new Float32Array(copyOf(take(classWeights), 4)),
    terms: tableOf(take(terms)),
    known: tableOf(take(known)),
    repairable: new TextDecoder().decode(take(repairable)).split('\n'),
  };
  checkShapes(model);
  return model;
}

function split(file: Uint8Array): { readonly header: ModelHeader; readonly body: Uint8Array } {
  if (file.length > MAX_FILE_BYTES) throw new ModelFileRejected('larger than any model');
  const prefix = Buffer.from(file.subarray(0, PREFIX_BYTES));
  if (prefix.length < PREFIX_BYTES || prefix.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new ModelFileRejected('not a prompt model');
  const headerBytes = prefix.readUInt32LE(MAGIC.length);
  if (headerBytes > MAX_HEADER_BYTES || PREFIX_BYTES + headerBytes > file.length) throw new ModelFileRejected('the header is cut off');
  // One header is read, so code made for reading them would cost more than it saves.
  const parsed = modelHeaderSchema.safeParse(readJson(file.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes)), { jitless: true });
  if (!parsed.success) {
    const paths = parsed.error.issues.slice(0, 5).map(({ path, code }) => `${path.map(String).join('.') || '(root)'}:${code}`);
    throw new ModelFileRejected(`header: ${paths.join(' ')}`);
  }
  return { header: parsed.data, body: file.subarray(PREFIX_BYTES + headerBytes) };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ModelFileRejected('the header is not JSON');
  }
}

function checkShapes({ header, weights, classWeights, terms, known, repairable }: PromptModel): void {
  const heads = header.heads.length;
  if (weights.length !== heads << header.bucketBits) throw new ModelFileRejected('wrong number of weights');
  if (classWeights.length !== classFeatureCount(header.classes.length) * heads)
    throw new ModelFileRejected('wrong number of class weights');
  if (!areSmall(classWeights)) throw new ModelFileRejected('a class weight is out of range');
  if (!isSound(terms) || !isSound(known)) throw new ModelFileRejected('a table of hashes is unsound');
  if (repairable.length > 50_000 || repairable.some((word) => word.length > 64)) throw new ModelFileRejected('unlikely words');
}

function areSmall(weights: Float32Array): boolean {
  for (let at = 0; at < weights.length; at++) if (!(Math.abs(weights[at] ?? 0) < MOST_WEIGHT)) return false;
  return true;
}

const MOST_WEIGHT = 1e4;

function tableOf(bytes: Uint8Array): HashTable {
  const half = bytes.length / 2;
  if (half % 4 !== 0) throw new ModelFileRejected('a table of hashes is cut off');
  return { keys: new Uint32Array(copyOf(bytes.subarray(0, half))), values: new Uint32Array(copyOf(bytes.subarray(half))) };
}

/** The largest section, where it lies: nobody writes into a file that was read. */
function bytesIn({ buffer, byteOffset, length }: Uint8Array): Int8Array {
  return new Int8Array(buffer, byteOffset, length);
}

/** Sections need not lie at multiples of four, typed arrays must. */
function copyOf(bytes: Uint8Array, unit = 1): ArrayBuffer {
  if (bytes.length % unit !== 0) throw new ModelFileRejected('a section is cut off');
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function bytesOf(array: Int8Array | Uint32Array | Float32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
